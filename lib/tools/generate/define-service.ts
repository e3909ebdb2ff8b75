import { findService } from '../../idl/find-service.js';
import type { FunctionSchema, Schema } from '../../idl/schema.js';
import type { TypedService } from '../../idl/typed-service.js';

/**
 * Returns a service of a generated module's schema, as `findService` does.
 *
 * @throws IdlError `unknown-service`
 * @publicApi
 */
export function defineService<Methods, Client>(schema: Schema, name: string): TypedService<Methods, Client> {
  // Only the type has the properties that carry the interfaces.
  return findService(schema, name) as TypedService<Methods, Client>;
}

/**
 * Returns the functions of a service in a generated module by name.
 *
 * @param withResult names of the functions that are not oneway, separated by blanks. The schema knows
 *   nothing else of these functions, because no queue carries their calls. Default: none
 * @publicApi
 */
export function functionsOf(oneway: readonly FunctionSchema[], withResult = ''): ReadonlyMap<string, FunctionSchema> {
  const others = withResult.split(' ').filter((name) => name !== '');
  return new Map([...oneway, ...others.map(functionWithResult)].map((fn) => [fn.name, fn]));
}

function functionWithResult(name: string): FunctionSchema {
  const args = { id: `${name}_args`, name: `${name}_args`, kind: 'args', fields: [], annotations: {} } as const;
  return { name, oneway: false, args, throws: [], annotations: {} };
}
