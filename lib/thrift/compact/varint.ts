import { putI64 } from '../int64.js';

/** Converts between an i64 and its two 32-bit halves. */
const scratch = new DataView(new ArrayBuffer(8));

/**
 * Stores 32 bits as a varint (ULEB128, 1 to 5 bytes) and returns the next position. A negative
 * number is stored as its 32 bits.
 */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let p = at;
  while ((rest & ~127) !== 0) {
    bytes[p++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  bytes[p++] = rest;
  return p;
}

/** Returns the number of bytes that {@link putVarint} takes for a number of 0 or more. */
export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}

/**
 * Encodes an integer of up to 32 bits with its sign in the lowest bit
 * (`doc/specs/thrift-compact-protocol.md`, ZigZag encoding).
 */
export function zigzag(value: number): number {
  return (value << 1) ^ (value >> 31);
}

/**
 * Stores an i64 (any form that `putI64` accepts) as a zigzag varint of 1 to 10 bytes and returns
 * the next position.
 */
export function putZigzag64(bytes: Uint8Array, at: number, value: unknown): number {
  if (typeof value === 'number' && value === (value | 0)) return putVarint(bytes, at, zigzag(value));
  putI64(scratch, 0, value);
  const high = scratch.getInt32(0);
  const low = scratch.getInt32(4);
  const sign = high >> 31;
  let lower = (low << 1) ^ sign;
  let upper = ((high << 1) | (low >>> 31)) ^ sign;
  let p = at;
  while (upper !== 0) {
    bytes[p++] = (lower & 127) | 128;
    lower = (lower >>> 7) | (upper << 25);
    upper >>>= 7;
  }
  return putVarint(bytes, p, lower);
}

/**
 * Stores the header of a list or set, at most 6 bytes. Up to 14 elements take one byte; for more,
 * the size follows.
 */
export function putListHeader(bytes: Uint8Array, at: number, type: number, size: number): number {
  if (size < 15) {
    bytes[at] = (size << 4) | type;
    return at + 1;
  }
  bytes[at] = 0xf0 | type;
  return putVarint(bytes, at + 1, size);
}

/**
 * Stores the header of a map, at most 6 bytes. `types` combines the codes of key and value. The
 * header of an empty map is only its size.
 */
export function putMapHeader(bytes: Uint8Array, at: number, types: number, size: number): number {
  const p = putVarint(bytes, at, size);
  if (size === 0) return p;
  bytes[p] = types;
  return p + 1;
}
