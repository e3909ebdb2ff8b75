import type { FunctionSchema, Schema, ServiceSchema } from '../../idl/schema.js';

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

/**
 * Returns true for a name of the IDL that can be used as it is: no word of TypeScript, and nothing
 * else in a generated module.
 */
function isFree(name: string): boolean {
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
function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A name made of any text: what no identifier can have becomes `_`. */
export function identifierOf(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_]/g, '_');
  return /^[0-9]/.test(name) || name === '' ? `_${name}` : name;
}

/** The TypeScript names of one IDL file's declarations, by the id without the program (`BackupRequest`, `BackupQueue.startBackup_args`). */
export interface ProgramNames {
  /** Structs, enums and arguments as they are decoded. */
  readonly out: ReadonlyMap<string, string>;
  /** The same as they may be given: `BackupRequestInput`. */
  readonly input: ReadonlyMap<string, string>;
  readonly services: ReadonlyMap<string, ServiceNames>;
  readonly constants: ReadonlyMap<string, string>;
  /** Names for what else the module needs. */
  readonly giver: NameGiver;
}

/** `BackupQueue`, `BackupQueueClient`, `BackupQueueHandlers`. */
export interface ServiceNames {
  readonly value: string;
  readonly client: string;
  readonly handlers: string;
}

/**
 * Names everything that a program declares: as in the IDL where TypeScript allows it, else with underscores behind.
 *
 * Depends on the declarations of that program alone, so every module that refers to another one gives it the same names.
 */
export function programNames(schema: Schema, program: string): ProgramNames {
  const giver = new NameGiver();
  const own = <T extends { id: string }>(items: ReadonlyMap<string, T>): T[] =>
    [...items.values()].filter(({ id }) => id.startsWith(`${program}.`));
  const types = [...own(schema.structs).filter(({ kind }) => kind !== 'args'), ...own(schema.enums)];
  const services = own(schema.services);
  // Names that are in the IDL go first, derived ones give way.
  const declared = [...types, ...services, ...own(schema.constants)];
  const given = giver.takeAll(declared.map(({ name }) => name));
  const named = (items: readonly { readonly name: string }[]): Map<string, string> =>
    new Map(items.map(({ name }) => [name, given.shift()!]));
  const [out, values, constants] = [named(types), named(services), named(own(schema.constants))];
  for (const { id, wanted } of argsNames(services)) out.set(id, giver.take(wanted));
  return {
    out,
    input: new Map([...out].map(([id, name]) => [id, giver.take(`${name}Input`)])),
    services: new Map(
      [...values].map(([name, value]) => [
        name,
        { value, client: giver.take(`${name}Client`), handlers: giver.take(`${name}Handlers`) },
      ]),
    ),
    constants,
    giver,
  };
}

/** For each oneway function `StartBackupArgs`, or with the service in front when several services of the file have a function of that name. */
function argsNames(services: readonly ServiceSchema[]): { id: string; wanted: string }[] {
  const all = services.flatMap((service) =>
    [...service.functions.values()].filter(({ oneway }) => oneway).map((fn) => ({ service, fn })),
  );
  const isShared = (fn: FunctionSchema): boolean =>
    all.filter((other) => capitalised(other.fn.name) === capitalised(fn.name)).length > 1;
  return all.map(({ service, fn }) => ({
    id: `${service.name}.${fn.args.name}`,
    wanted: `${isShared(fn) ? service.name : ''}${capitalised(fn.name)}Args`,
  }));
}
