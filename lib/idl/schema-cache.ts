import { setNewest } from '../common/newest-entries.js';
import { createHash } from 'node:crypto';
import type { IdlFiles } from './idl-files.js';
import type { Schema } from './schema.js';

/** Limits the remembered schemas. The schema that was asked for longest ago goes first. */
const MAX_SCHEMAS = 64;

interface Lookup {
  readonly include: string;
  readonly from: string;
  readonly found: string | undefined;
}

/** Holds a schema with everything on disk that it depends on. */
interface CachedSchema {
  readonly schema: Schema;
  readonly lookups: readonly Lookup[];
  /** Maps files to the digests of their texts. */
  readonly digests: ReadonlyMap<string, string>;
}

/** Keeps schemas by file and options, so that loading a file twice gives one schema. */
export class SchemaCache {
  private readonly entries = new Map<string, CachedSchema>();

  /**
   * Returns the schema of an earlier call with the same key, if every file has the text of that time
   * and every include leads to the same file. Otherwise builds the schema.
   */
  get(key: string, files: IdlFiles, build: (files: IdlFiles) => Schema): Schema {
    const known = this.entries.get(key);
    this.entries.delete(key);
    const entry = known !== undefined && isCurrent(known, files) ? known : record(files, build);
    setNewest(this.entries, key, entry, MAX_SCHEMAS);
    return entry.schema;
  }
}

function record(files: IdlFiles, build: (files: IdlFiles) => Schema): CachedSchema {
  const lookups: Lookup[] = [];
  const digests = new Map<string, string>();
  const schema = build({
    ...files,
    find(include, from) {
      const found = files.find(include, from);
      lookups.push({ include, from, found });
      return found;
    },
    read(file) {
      const text = files.read(file);
      digests.set(file, digestOf(text));
      return text;
    },
  });
  return { schema, lookups, digests };
}

function isCurrent({ lookups, digests }: CachedSchema, files: IdlFiles): boolean {
  try {
    return (
      [...digests].every(([file, digest]) => digestOf(files.read(file)) === digest) &&
      lookups.every(({ include, from, found }) => files.find(include, from) === found)
    );
  } catch {
    // A file was removed meanwhile. Building the schema reports the file.
    return false;
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
