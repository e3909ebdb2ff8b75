import { findService } from '../../idl/find-service.js';
import type { FunctionSchema, Schema, ServiceSchema, ThriftService } from '../../idl/schema.js';

export interface ServicePair {
  readonly before: ThriftService;
  readonly after: ThriftService;
}

/**
 * Sorts the services of two versions. Each service is in one of these lists. Services without a
 * oneway method are only in `kept`.
 */
export interface PairedServices {
  readonly kept: readonly ServicePair[];
  /** Removed services whose methods all belong to one added service. */
  readonly renamed: readonly ServicePair[];
  readonly removed: readonly ThriftService[];
  readonly added: readonly ThriftService[];
}

/**
 * Pairs the services of both versions by name, whichever file declares them.
 *
 * Without `only`, pairs the services that either file declares itself. If neither file declares a
 * service, pairs the included services.
 *
 * @param only the name of the only service to compare
 */
export function pairServices(before: Schema, after: Schema, only: string | undefined): PairedServices {
  const schemas = [before, after];
  const declared = schemas.flatMap(ownNames);
  const names = declared.length > 0 ? declared : schemas.flatMap(allNames);
  const kept: ServicePair[] = [];
  const gone: ThriftService[] = [];
  const added: ThriftService[] = [];
  for (const name of new Set([...names, ...(only === undefined ? [] : [only])])) {
    const old = serviceOf(before, name);
    const now = serviceOf(after, name);
    if (old !== undefined && now !== undefined) kept.push({ before: old, after: now });
    else if (old !== undefined && onewayOf(old).length > 0) gone.push(old);
    else if (now !== undefined && onewayOf(now).length > 0) added.push(now);
  }
  const renamed = findRenamed(gone, added);
  const taken = new Set(renamed.flatMap((pair) => [pair.before, pair.after]));
  // Methods that moved to a base service are still called through the service that they moved from.
  const bases = new Set([...kept, ...renamed].flatMap((pair) => basesOf(after, pair.after)));
  const isChosen = ({ name }: ThriftService): boolean => only === undefined || name === only;
  return {
    kept: kept.filter((pair) => isChosen(pair.before)),
    renamed: renamed.filter((pair) => isChosen(pair.before) || isChosen(pair.after)),
    removed: gone.filter((old) => isChosen(old) && !taken.has(old)),
    added: added.filter((now) => isChosen(now) && !taken.has(now) && !bases.has(now.name)),
  };
}

function findRenamed(gone: readonly ThriftService[], added: readonly ThriftService[]): readonly ServicePair[] {
  const heirs = new Set(added);
  return gone.flatMap((before) => {
    const names = onewayOf(before).map(({ name }) => name);
    const after = [...heirs].find(({ functions }) => names.every((name) => functions.get(name)?.oneway === true));
    if (after === undefined) return [];
    heirs.delete(after);
    return [{ before, after }];
  });
}

/** Returns the names of the services that a service extends. */
function basesOf(schema: Schema, { name }: ThriftService): readonly string[] {
  const names: string[] = [];
  let next = declarationOf(schema, name);
  while (next?.extends !== undefined) {
    next = schema.services.get(next.extends);
    if (next !== undefined) names.push(next.name);
  }
  return names;
}

function ownNames(schema: Schema): readonly string[] {
  const own = [...schema.services].filter(([id, { name }]) => id === `${schema.program}.${name}`);
  return own.map(([, { name }]) => name);
}

function allNames({ services }: Schema): readonly string[] {
  return [...services.values()].map(({ name }) => name);
}

function serviceOf(schema: Schema, name: string): ThriftService | undefined {
  const declaration = declarationOf(schema, name);
  return declaration && findService(schema, declaration.id);
}

/** Finds a service by name: in the file itself, otherwise in its includes. */
function declarationOf({ program, services }: Schema, name: string): ServiceSchema | undefined {
  return services.get(`${program}.${name}`) ?? [...services.values()].find((service) => service.name === name);
}

/** Returns the methods of a service that a queue can carry, including inherited methods. */
export function onewayOf({ functions }: ThriftService): readonly FunctionSchema[] {
  return [...functions.values()].filter(({ oneway }) => oneway);
}
