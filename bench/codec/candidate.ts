import type { BackupManifest } from './manifest.js';

/** One call, bound to its values: what is timed. */
export interface BoundCall {
  /** Makes bytes, or the text of a body, of the call. */
  readonly encode: () => Uint8Array | string;
  /** Makes values of what `encode` gave. */
  readonly decode: () => unknown;
}

/** A codec that takes part. */
export interface Candidate {
  /** As in the table; unique. */
  readonly name: string;
  /** Prepares the values in the shape this codec takes, and the bytes it reads, outside of what is timed. */
  bind(manifest: BackupManifest): BoundCall;
}

/** Binds a pair of functions to a value in the codec's own shape. */
export function bound<V, B extends Uint8Array | string>(
  value: V,
  encode: (value: V) => B,
  decode: (bytes: B) => unknown,
): BoundCall {
  const bytes = encode(value);
  return { encode: () => encode(value), decode: () => decode(bytes) };
}
