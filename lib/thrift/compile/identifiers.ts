/** `Identifier` of Thrift's IDL grammar. */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_.]*$/;
/** Names that every object answers to without having been given them. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/** A name from the schema as a string literal. Throws a `TypeError` for one that the IDL grammar does not allow. */
export function literal(name: string): string {
  if (!IDENTIFIER.test(name)) throw new TypeError(`${JSON.stringify(name)} is not a Thrift identifier`);
  return JSON.stringify(name);
}

/** A field id as source. Throws a `TypeError` for one that does not fit the wire. */
export function fieldId(id: number): string {
  if (!Number.isInteger(id) || id < -32768 || id > 32767) throw new TypeError('a field id is an integer of 16 bits');
  return String(id);
}

/** Reads a property; what an object merely inherits from `Object.prototype` (`constructor`, `__proto__`) is not a field. */
export function readProperty(object: string, name: string): string {
  return INHERITED.has(name) ? `own(${object}, ${literal(name)})` : `${object}[${literal(name)}]`;
}

/** `name: value` of an object literal; `__proto__` only defines a property when it is computed. */
export function property(name: string, value: string): string {
  return `${name === '__proto__' ? `[${literal(name)}]` : literal(name)}: ${value}`;
}

/** A function name that a debugger's reader recognises; the number keeps it unique. */
export function functionName(prefix: string, index: number, id: string): string {
  return `${prefix}${index}_${id.replace(/[^A-Za-z0-9]/g, '_')}`;
}
