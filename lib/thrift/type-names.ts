import { ThriftReadError } from './errors.js';
import { TType } from './protocol.js';

const NAMES = new Map<number, string>([
  [TType.BOOL, 'bool'],
  [TType.I08, 'i8'],
  [TType.DOUBLE, 'double'],
  [TType.I16, 'i16'],
  [TType.I32, 'i32'],
  [TType.I64, 'i64'],
  [TType.STRING, 'string or binary'],
  [TType.STRUCT, 'struct'],
  [TType.MAP, 'map'],
  [TType.SET, 'set'],
  [TType.LIST, 'list'],
  [TType.UUID, 'uuid'],
]);

/** Returns the name of a type tag for error messages. */
export function typeName(type: number): string {
  return NAMES.get(type) ?? `type tag ${type}`;
}

/**
 * True if a type tag is a base type. Structs and containers count themselves.
 */
export function isBase(type: number): boolean {
  return type < TType.STRUCT || type === TType.UUID;
}

/** Creates the error for a type tag on the wire that differs from the declared type. */
export function mismatch(found: number, expected: string): ThriftReadError {
  return new ThriftReadError('type-mismatch', `expected ${expected}, found ${typeName(found)}`);
}
