import { describe } from './describe.js';
import { ThriftWriteError } from './errors.js';

const INTEGER_BITS = { i8: 8, i16: 16, i32: 32 } as const;

/** Creates the error for a value of the wrong type, or for an integer outside the type's range. */
export function wrong(expected: string, value: unknown): ThriftWriteError {
  const bits = INTEGER_BITS[expected as keyof typeof INTEGER_BITS];
  if (bits !== undefined && Number.isInteger(value)) {
    return new ThriftWriteError(
      'out-of-range',
      `expected ${expected} (${-(2 ** (bits - 1))} to ${2 ** (bits - 1) - 1})`,
    );
  }
  return new ThriftWriteError('wrong-type', `expected ${expected}, got ${describe(value)}`);
}

/** Returns an integer of the given width in bits, or throws. */
export function checkInt(type: keyof typeof INTEGER_BITS, value: unknown): number {
  const unused = 32 - INTEGER_BITS[type];
  if (typeof value !== 'number' || value !== (value << unused) >> unused) throw wrong(type, value);
  return value;
}

/** Returns the size of a container, or throws. */
export function checkSize(size: number): number {
  if (checkInt('i32', size) < 0) throw new ThriftWriteError('out-of-range', 'expected a size of 0 or more');
  return size;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Returns the 32 hex digits of a UUID of any version in its 8-4-4-4-12 form, or throws. */
export function checkUuid(value: unknown): string {
  if (typeof value !== 'string') throw wrong('uuid', value);
  if (!UUID.test(value))
    throw new ThriftWriteError('wrong-type', 'expected uuid (8-4-4-4-12 hex digits), got another string');
  return value.replaceAll('-', '');
}
