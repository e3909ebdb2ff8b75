import type { BackupManifest } from './manifest.js';

/** Encodes and decodes one call, bound to its values. Only these functions are timed. */
export interface BoundCall {
  /** Encodes the call as bytes, or as the text of a body. */
  readonly encode: () => Uint8Array | string;
  /** Decodes the output of `encode`. */
  readonly decode: () => unknown;
}

export interface Codec {
  /** Name in the table; unique. */
  readonly name: string;
  /** Prepares the values in the shape of this codec, and the bytes that it reads. Not timed. */
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
