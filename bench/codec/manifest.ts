import { readFileSync } from 'node:fs';

/**
 * Type of the i64 fields: the own type of each codec, so that no codec converts more than its user
 * would.
 */
type Int = number | bigint;

export interface BackupFile<I extends Int = number> {
  readonly path: string;
  readonly size: I;
  readonly modifiedAt: I;
}

/**
 * Describes the struct of manifest.thrift. Its i64 values fit a number, because half of the codecs
 * support only numbers.
 */
export interface BackupManifest<I extends Int = number> {
  readonly startedAt: I;
  readonly id: string;
  readonly userId: string;
  readonly folder: string;
  readonly region: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly digest: Buffer;
  readonly files: readonly BackupFile<I>[];
}

/** Name of the called oneway function. */
export const METHOD = 'storeManifest';

/** Text of manifest.thrift or manifest.proto. */
export function readDefinition(extension: 'thrift' | 'proto'): string {
  return readFileSync(new URL(`../../../bench/codec/manifest.${extension}`, import.meta.url), 'utf8');
}

const FOLDERS = ['photos/2019', 'photos/summer', 'documents/taxes', 'music', 'documents/letters'];
const KINDS = ['jpg', 'pdf', 'flac', 'txt'];

/** Creates a manifest of `count` files, with the same values at every call. */
export function makeManifest(count: number): BackupManifest {
  return {
    startedAt: 1_794_000_000_123,
    id: '4b1f6d0e-5a7c-4d38-9f0e-2c6a1b7d9e53',
    userId: 'user-20417',
    folder: '/home/anna/backup-source',
    region: 'eu-central-1',
    labels: { origin: 'web', plan: 'family', client: 'desktop-4.2' },
    digest: Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 37 + 11) & 0xff)),
    files: Array.from({ length: count }, (_, i) => ({
      path: `${FOLDERS[i % FOLDERS.length]}/holiday-with-family-${1000 + i}.${KINDS[i % KINDS.length]}`,
      size: 4_812 + i * 104_729 * (i % 7),
      modifiedAt: 1_700_000_000_000 + i * 86_400_123,
    })),
  };
}

/** Creates the same manifest with bigints for i64. */
export function withBigInts(manifest: BackupManifest): BackupManifest<bigint> {
  return {
    ...manifest,
    startedAt: BigInt(manifest.startedAt),
    files: manifest.files.map(({ path, size, modifiedAt }) => ({
      path,
      size: BigInt(size),
      modifiedAt: BigInt(modifiedAt),
    })),
  };
}
