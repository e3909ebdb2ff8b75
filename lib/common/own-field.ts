/** Names that every object inherits. An IDL may use each of them for a field. */
export const INHERITED_NAMES: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/**
 * Reads a field of a struct by a name from the schema, as encoders do: what `Object.prototype` provides is
 * no field, and getters of classes count.
 */
export function fieldOf(value: object, name: string): unknown {
  if (INHERITED_NAMES.has(name) && !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
