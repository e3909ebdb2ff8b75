import { resolveType } from './resolve-type.js';
import type { Resolver } from './resolver.js';
import type { ThriftType } from './schema.js';

/**
 * The types of a struct's fields by name, without their defaults: enough to convert a constant of the struct.
 *
 * @param id of a struct, union or exception
 * @throws IdlError `unknown-type`, `typedef-cycle`
 */
export function fieldTypesOf(resolver: Resolver, id: string): ReadonlyMap<string, ThriftType> {
  const known = resolver.fieldTypes.get(id);
  if (known !== undefined) return known;
  const declared = resolver.declared.get(id);
  if (declared === undefined || !('fields' in declared.node)) throw new RangeError(`no struct ${id}`);
  const here = { resolver, program: declared.program };
  const types = new Map(declared.node.fields.map((field) => [field.name.text, resolveType(here, field.type)]));
  resolver.fieldTypes.set(id, types);
  return types;
}
