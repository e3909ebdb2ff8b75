import type { FunctionSchema, Schema, ServiceSchema } from '../../idl/schema.js';

/** Words that can name neither a type nor a binding of a strict module. */
const WORDS =
  'any arguments as async await bigint boolean break case catch class const continue debugger declare default delete do else ' +
  'enum eval export extends false finally for from function if implements import in instanceof interface let module namespace never ' +
  'new null number object of package private protected public return static string super switch symbol this throw true try type ' +
  'typeof undefined unknown var void while with yield ' +
  // Of modules that TypeScript compiles to CommonJS.
  'exports require __filename __dirname __esModule __importStar __importDefault __exportStar __createBinding __setModuleDefault';

/** Names of the language and of `nestjs-sqs-thrift/codec` that generated modules use. */
const USED =
  'Array AtMostOneOf BinaryInput Buffer CodecRuntime ConstValue Exclude I64Input Infinity Int64Like Map MapInput NaN Object OneOf PairsInput Promise ' +
  'Readonly ReadonlyMap ReadonlySet Schema Set SetInput StructCodecs StructSchema TypedService globalThis defineService functionsOf ' +
  'registerCodecs schema structs';

const TAKEN: ReadonlySet<string> = new Set(`${WORDS} ${USED}`.split(' '));

/**
 * True if a name of the IDL is neither a word of TypeScript nor a name that generated modules use.
 */
function isFree(name: string): boolean {
  return !TAKEN.has(name) && !name.endsWith('Codecs');
}

/** Assigns each name once. A name that is taken gets underscores at its end. */
export class NameGiver {
  private readonly given = new Set<string>();

  take(wanted: string): string {
    let name = wanted;
    while (!isFree(name) || this.given.has(name)) name += '_';
    this.given.add(name);
    return name;
  }

  /** Assigns all names of a list. Names that can stay unchanged go first, wherever they stand. */
  takeAll(wanted: readonly string[]): string[] {
    const names = wanted.map((name) => (isFree(name) && !this.given.has(name) ? this.take(name) : undefined));
    return names.map((name, index) => name ?? this.take(wanted[index]!));
  }
}

/** Turns `startBackup` into `StartBackup`. */
function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Turns a text into an identifier. A character that no identifier can have becomes `_`. */
export function identifierOf(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_]/g, '_');
  return /^[0-9]/.test(name) || name === '' ? `_${name}` : name;
}

/**
 * Lists the TypeScript names of the declarations of one IDL file. The keys are ids without the
 * program: `BackupRequest`, `BackupQueue.startBackup_args`.
 */
export interface ProgramNames {
  /** Types of decoded structs, enums and arguments. */
  readonly out: ReadonlyMap<string, string>;
  /** Types of structs, enums and arguments to encode: `BackupRequestInput`. */
  readonly input: ReadonlyMap<string, string>;
  readonly services: ReadonlyMap<string, ServiceNames>;
  readonly constants: ReadonlyMap<string, string>;
  /** Assigns further names of the module. */
  readonly giver: NameGiver;
}

/**
 * The names of a service: `BackupQueue`, `BackupQueueClient`, `BackupQueueHandlers`,
 * `BackupQueueMethods`.
 */
export interface ServiceNames {
  readonly value: string;
  readonly client: string;
  readonly handlers: string;
  readonly methods: string;
}

/**
 * Names everything that a program declares. A name that TypeScript refuses gets underscores at its
 * end.
 *
 * The names depend on the declarations of the program alone. So every module that refers to the
 * program uses the same names.
 */
export function programNames(schema: Schema, program: string): ProgramNames {
  const giver = new NameGiver();
  const own = <T extends { id: string }>(items: ReadonlyMap<string, T>): T[] =>
    [...items.values()].filter(({ id }) => id.startsWith(`${program}.`));
  const types = [...own(schema.structs).filter(({ kind }) => kind !== 'args'), ...own(schema.enums)];
  const services = own(schema.services);
  // Names of the IDL go first, and derived names give way.
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
        {
          value,
          client: giver.take(`${name}Client`),
          handlers: giver.take(`${name}Handlers`),
          methods: giver.take(`${name}Methods`),
        },
      ]),
    ),
    constants,
    giver,
  };
}

/**
 * Returns the wanted name for the arguments of each oneway function: `StartBackupArgs`. The name of
 * the service stands in front if several services of the file have a function of the same name.
 */
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
