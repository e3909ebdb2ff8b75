import { ThriftReadError } from '../errors.js';

/** The error for bytes that end within a value, for decoders that keep the position in a local. */
export function short(
  reader: { pos: number; truncated(needed: number): ThriftReadError },
  pos: number,
  needed: number,
): ThriftReadError {
  reader.pos = pos;
  return reader.truncated(needed);
}

/** The error for a field that comes twice. */
export function duplicate(): ThriftReadError {
  return new ThriftReadError('type-mismatch', 'the field comes twice');
}

/** The error for a required field that did not come. */
export function absent(type: string): ThriftReadError {
  return new ThriftReadError('missing-required', `the required field (${type}) is missing`);
}

/** The error for a union with two members. */
export function secondMember(): ThriftReadError {
  return new ThriftReadError('type-mismatch', 'a second member of a union');
}

/** The error for a union without a member, or with one that only a newer IDL knows. */
export function noMember(union: string): ThriftReadError {
  return new ThriftReadError('type-mismatch', `the union ${union} has no member that the IDL declares`);
}

/** Fresh bytes, for the default of a binary field. */
export function bytesOf(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}
