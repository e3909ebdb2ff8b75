import { fieldOf } from '../../common/own-field.js';
import type { ConstValue, FieldSchema, ThriftType } from '../../idl/schema.js';
import { property } from './identifiers.js';
import type { Unit } from './unit.js';

/**
 * Limits the nesting of defaults. A struct whose default contains the same struct would never end.
 */
export const DEEPEST_DEFAULT = 64;

/**
 * Emits an expression for the default of a field, in the shape that reading the type returns.
 *
 * @param struct the id of the struct, for errors
 * @throws TypeError the default does not fit the field or the options; the text names the field
 */
export function emitDefault(unit: Unit, struct: string, { name, type, defaultValue }: FieldSchema): string {
  try {
    return emitConst(unit, type, defaultValue!);
  } catch (error) {
    throw new TypeError(`the default of ${struct}.${name}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Emits an expression for a constant of the IDL, in the shape that reading the type returns.
 * Throws a `TypeError` for a value of another type, and for defaults that contain themselves.
 */
function emitConst(unit: Unit, type: ThriftType, value: ConstValue, depth = 0): string {
  if (depth > DEEPEST_DEFAULT) throw new TypeError(`defaults nested deeper than ${DEEPEST_DEFAULT} levels`);
  const inner = (element: ThriftType, item: ConstValue): string => emitConst(unit, element, item, depth + 1);
  switch (type.kind) {
    case 'list':
      return `[${[...expect<readonly ConstValue[]>(Array.isArray(value), value)].map((item) => inner(type.element, item)).join(', ')}]`;
    case 'set': {
      const items = [...expect<ReadonlySet<ConstValue>>(value instanceof Set, value)];
      return `new Set${unit.options.typed ? '<any>' : ''}([${items.map((item) => inner(type.element, item)).join(', ')}])`;
    }
    case 'map': {
      const entries = [...expect<ReadonlyMap<ConstValue, ConstValue>>(value instanceof Map, value)];
      return `new Map${unit.options.typed ? '<any, any>' : ''}([${entries.map(([key, item]) => `[${inner(type.key, key)}, ${inner(type.value, item)}]`).join(', ')}])`;
    }
    case 'struct':
      return emitStruct(unit, type.id, expect<Fields>(typeof value === 'object', value), inner);
    default:
      return emitPlain(unit, type.kind, value);
  }
}

type Fields = Readonly<Record<string, ConstValue>>;

function emitStruct(
  unit: Unit,
  id: string,
  values: Fields,
  inner: (type: ThriftType, value: ConstValue) => string,
): string {
  const struct = unit.struct(id);
  const isEmpty = struct.kind === 'union' && !struct.fields.some(({ name }) => fieldOf(values, name) !== undefined);
  const members = struct.fields.flatMap(({ name, type, defaultValue }) => {
    const given = fieldOf(values, name) as ConstValue | undefined;
    const value = given ?? (struct.kind === 'union' && !isEmpty ? undefined : defaultValue);
    if (value !== undefined) return [property(name, inner(type, value))];
    return struct.kind === 'union' ? [] : [property(name, 'undefined')];
  });
  return `({ ${members.join(', ')} }${unit.options.typed ? ' as any' : ''})`;
}

function emitPlain(unit: Unit, kind: ThriftType['kind'], value: ConstValue): string {
  switch (kind) {
    case 'bool':
      return String(expect<boolean>(typeof value === 'boolean', value));
    case 'string':
    case 'uuid':
      return JSON.stringify(expect<string>(typeof value === 'string', value));
    case 'binary':
      return `copyOf(${unit.bytesName(expect<Buffer>(value instanceof Uint8Array, value))})`;
    case 'i64':
      return emitI64(unit, expect<bigint>(typeof value === 'bigint', value));
    default:
      return emitNumber(expect<number>(typeof value === 'number', value));
  }
}

function emitI64(unit: Unit, value: bigint): string {
  if (unit.options.i64 === 'bigint') return `${value}n`;
  if (Number.isSafeInteger(Number(value))) return String(value);
  const advice = "read i64 as 'bigint', or declare a value within ±(2^53 - 1)";
  throw new TypeError(`the option i64: 'number' cannot hold ${value} exactly; ${advice}`);
}

function emitNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function expect<T>(fits: boolean, value: ConstValue): T {
  if (!fits) throw new TypeError(`a default of type ${typeof value} does not fit its field`);
  return value as T;
}
