import { types } from 'node:util';
import { describe } from './describe.js';
import { ThriftWriteError } from './errors.js';
import type { Int64Like } from './protocol.js';

const HIGH = 4294967296;

/**
 * Stores an i64 as eight big-endian bytes. Accepts a bigint, a number that is an exact integer, or
 * an `Int64` object. Rejects a number beyond ±(2^53 - 1), even an integer, because rounding may
 * have changed the number.
 */
export function putI64(view: DataView, at: number, value: unknown): void {
  if (typeof value === 'bigint') {
    if (BigInt.asIntN(64, value) !== value)
      throw new ThriftWriteError('out-of-range', 'expected i64 (-2^63 to 2^63 - 1)');
    view.setBigInt64(at, value);
  } else if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw badNumber(value);
    view.setInt32(at, Math.floor(value / HIGH));
    view.setInt32(at + 4, value | 0);
  } else {
    putInt64Object(view, at, value);
  }
}

/** Reads an i64 as a number; NaN for a value that a number cannot hold exactly. */
export function getI64Number(view: DataView, at: number): number {
  const value = view.getInt32(at) * HIGH + view.getUint32(at + 4);
  return Number.isSafeInteger(value) ? value : NaN;
}

function badNumber(value: number): ThriftWriteError {
  return Number.isInteger(value)
    ? new ThriftWriteError('out-of-range', 'expected i64, got a number beyond 2^53 - 1; give it as a bigint')
    : new ThriftWriteError('wrong-type', `expected i64, got ${describe(value)}`);
}

function putInt64Object(view: DataView, at: number, value: unknown): void {
  const { buffer, offset } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Int64Like>;
  if (!types.isUint8Array(buffer) || typeof offset !== 'number' || !(offset >= 0 && offset + 8 <= buffer.length)) {
    throw new ThriftWriteError('wrong-type', `expected i64 (bigint, integer or Int64), got ${describe(value)}`);
  }
  for (let i = 0; i < 8; i++) view.setUint8(at + i, buffer[offset + i] as number);
}
