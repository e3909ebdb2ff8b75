import assert from 'node:assert/strict';
import type { Codec } from './codec.js';
import type { BackupManifest } from './manifest.js';

/**
 * Fails unless a codec decodes the manifest that it was given.
 *
 * @throws AssertionError naming the codec
 */
export function checkCodec(codec: Codec, manifest: BackupManifest): void {
  const found = findManifest(plain(codec.bind(manifest).decode()));
  assert.deepEqual(found, plain(manifest), `${codec.name} does not give back what it was given`);
}

/** Finds the manifest in its wrapper: a call, a message, parameters. */
function findManifest(value: unknown): unknown {
  let at = value as Record<string, unknown> | undefined;
  while (at && !('digest' in at)) at = (at['manifest'] ?? at['args'] ?? at['body']) as typeof at;
  return at;
}

/** Converts a 64-bit integer of any library to a number. */
function integer(value: object): number | undefined {
  return 'toNumber' in value && typeof value.toNumber === 'function' ? Number(value) : undefined;
}

/** Removes the classes of the libraries: integers become numbers, maps objects, bytes hex. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  const entries = value instanceof Map ? [...(value as Map<string, unknown>)] : Object.entries(value);
  return integer(value) ?? Object.fromEntries(entries.map(([key, item]) => [key, plain(item)]));
}
