import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import type { Schema } from '#lib/idl/schema.js';

/** Two versions of an IDL and what is to be found between them. */
export interface IdlPair {
  readonly name: string;
  /** A text without a service gets one that takes the struct `S`. */
  readonly old: string;
  readonly new: string;
  /** `old to new, new to old: rule place`, the worst ones first; an effect is written once if it is the same both ways. */
  readonly found: readonly string[];
  /** Maps the names of included files to their texts. */
  readonly includes?: { readonly old?: Record<string, string>; readonly new?: Record<string, string> };
  /** The names of the files, `q.thrift` by default. */
  readonly files?: { readonly old?: string; readonly new?: string };
}

const SERVICE = '\nservice Q { oneway void run(1: S s) }';

/** Both versions, loaded. */
export function schemasOf(pair: IdlPair): { readonly before: Schema; readonly after: Schema } {
  return { before: load(pair, 'old'), after: load(pair, 'new') };
}

function load(pair: IdlPair, version: 'old' | 'new'): Schema {
  const text = pair[version];
  return loadSchemaFromText(text.includes('service ') ? text : text + SERVICE, {
    fileName: pair.files?.[version] ?? 'q.thrift',
    includes: pair.includes?.[version] ?? {},
  });
}
