/** Words that cannot name a binding of a strict module, or a type. */
const WORDS =
  'any arguments as async await bigint boolean break case catch class const continue debugger declare default delete do else ' +
  'enum eval export extends false finally for from function if implements import in instanceof interface let module namespace never ' +
  'new null number object of package private protected public return static string super switch symbol this throw true try type ' +
  'typeof undefined unknown var void while with yield';

/** Names that generated modules use themselves, from the language or from `nestjs-sqs-thrift/codec`. */
const USED =
  'Array BinaryInput Buffer CodecRuntime I64Input Infinity Int64Like Map MapInput NaN Object OneOf PairsInput Promise ' +
  'Readonly ReadonlyMap ReadonlySet Schema Set SetInput StructCodecs StructSchema TypedService globalThis defineService ' +
  'registerCodecs schema structs';

const TAKEN: ReadonlySet<string> = new Set(`${WORDS} ${USED}`.split(' '));

/** Whether a name of the IDL can be used as it is: it is no word of TypeScript and stands for nothing else in a generated module. */
export function isFree(name: string): boolean {
  return !TAKEN.has(name) && !name.endsWith('Codecs');
}

/** Gives out names, each once: who comes later gets underscores behind its own. */
export class NameGiver {
  private readonly given = new Set<string>();

  take(wanted: string): string {
    let name = wanted;
    while (!isFree(name) || this.given.has(name)) name += '_';
    this.given.add(name);
    return name;
  }

  /** Names for all of a list. Those that can stay as they are do, wherever they are in it. */
  takeAll(wanted: readonly string[]): string[] {
    const names = wanted.map((name) => (isFree(name) && !this.given.has(name) ? this.take(name) : undefined));
    return names.map((name, index) => name ?? this.take(wanted[index]!));
  }
}

/** `startBackup` → `StartBackup`. */
export function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A name made of any text: what no identifier can have becomes `_`. */
export function identifierOf(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_]/g, '_');
  return /^[0-9]/.test(name) || name === '' ? `_${name}` : name;
}
