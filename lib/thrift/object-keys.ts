import type { ThriftType } from '../idl/schema.js';

/**
 * What a key of a plain object, always a string, stands for in a map with keys of another type; undefined when it is none.
 *
 * Only the canonical form is taken (`1`, not `01`), so that no two keys become one. Ranges are left to the writer.
 */
export function fromObjectKey(text: string, kind: ThriftType['kind']): unknown {
  switch (kind) {
    case 'bool':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'i64':
      return /^(0|-?[1-9][0-9]*)$/.test(text) ? BigInt(text) : undefined;
    case 'i8':
    case 'i16':
    case 'i32':
    case 'double':
      return String(Number(text)) === text ? Number(text) : undefined;
    default:
      return text;
  }
}

/** Generated code passes the keys of a plain object, which are strings, for map keys of any type. Others are let through as they are. */
export function unkey(value: unknown, kind: 'bool' | 'i8' | 'i16' | 'i32' | 'i64' | 'double'): unknown {
  return typeof value === 'string' ? (fromObjectKey(value, kind) ?? value) : value;
}
