import type { FunctionSchema, Schema, ServiceSchema } from '../idl/schema.js';
import { NameGiver, capitalised } from './identifiers.js';

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
