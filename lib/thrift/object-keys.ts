import type { ThriftType } from '../idl/schema.js';

/**
 * Converts a key of a plain object, always a string, to the type of a map's keys. Returns undefined
 * for a key that does not represent a value of the type.
 *
 * Accepts only the canonical form (`1`, not `01`), so that two keys never become equal. The writer
 * checks ranges.
 */
export function fromObjectKey(text: string, kind: ThriftType['kind']): unknown {
  switch (kind) {
    case 'bool':
      return toBool(text);
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

function toBool(text: string): boolean | undefined {
  if (text === 'true') return true;
  return text === 'false' ? false : undefined;
}

/**
 * Converts a key of a plain object, which generated code passes for map keys of any type. Values of
 * types other than string stay unchanged.
 */
export function unkey(value: unknown, kind: 'bool' | 'i8' | 'i16' | 'i32' | 'i64' | 'double'): unknown {
  return typeof value === 'string' ? (fromObjectKey(value, kind) ?? value) : value;
}
