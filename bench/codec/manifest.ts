import { readFileSync } from 'node:fs';

/** The type of the i64 fields: what a codec takes in its own right, so that none converts what its user would not have to. */
type Int = number | bigint;

export interface BackupFile<I extends Int = number> {
  readonly path: string;
  readonly size: I;
  readonly modifiedAt: I;
}

/** The struct of manifest.thrift. Its i64 values fit a number, or half of the codecs could not take part. */
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

/** The name of the oneway function that is called. */
export const METHOD = 'storeManifest';

/** The text of manifest.thrift or manifest.proto. */
export function readDefinition(extension: 'thrift' | 'proto'): string {
  return readFileSync(new URL(`../../../bench/codec/manifest.${extension}`, import.meta.url), 'utf8');
}

const FOLDERS = ['photos/2019', 'photos/summer', 'documents/taxes', 'music', 'documents/letters'];
const KINDS = ['jpg', 'pdf', 'flac', 'txt'];

/** A manifest of `count` files. The same values at every call. */
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

/** The same with bigints for i64. */
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
