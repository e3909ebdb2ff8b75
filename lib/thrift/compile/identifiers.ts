import { INHERITED_NAMES } from '../../common/own-field.js';

/** Matches `Identifier` of Thrift's IDL grammar. */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_.]*$/;

/**
 * Emits a name from the schema as a string literal. Throws a `TypeError` for a name that the IDL
 * grammar does not allow.
 */
export function literal(name: string): string {
  if (!IDENTIFIER.test(name)) throw new TypeError(`${JSON.stringify(name)} is not a Thrift identifier`);
  return JSON.stringify(name);
}

/** Emits a field id. Throws a `TypeError` for an id that does not fit the wire. */
export function fieldId(id: number): string {
  if (!Number.isInteger(id) || id < -32768 || id > 32767) throw new TypeError('a field id is an integer of 16 bits');
  return String(id);
}

/**
 * Emits a property read. Properties inherited from `Object.prototype` (`constructor`, `__proto__`)
 * are not fields.
 */
export function readProperty(object: string, name: string): string {
  return INHERITED_NAMES.has(name) ? `own(${object}, ${literal(name)})` : `${object}[${literal(name)}]`;
}

/** Emits an expression that is true if an object lacks a property. */
export function lacksProperty(object: string, name: string): string {
  return INHERITED_NAMES.has(name) ? `!Object.hasOwn(${object}, ${literal(name)})` : `!(${literal(name)} in ${object})`;
}

/**
 * Emits `name: value` for an object literal. `__proto__` defines a property only as a computed key.
 */
export function property(name: string, value: string): string {
  return `${name === '__proto__' ? `[${literal(name)}]` : literal(name)}: ${value}`;
}

/** Creates a function name that is recognisable in a debugger. The number keeps the name unique. */
export function functionName(prefix: string, index: number, id: string): string {
  return `${prefix}${index}_${id.replace(/[^A-Za-z0-9]/g, '_')}`;
}
