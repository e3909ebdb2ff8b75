import type { Schema } from '../idl/schema.js';
import { binarySnippets } from './compile/binary-snippets.js';
import { compactSnippets } from './compile/compact-snippets.js';
import { emitCodecs } from './compile/emit-codecs.js';
import { evaluateCodecs, type StructCodec } from './compile/evaluate-codecs.js';
import { jsonSnippets } from './compile/json-snippets.js';
import type { ProtocolSnippets } from './compile/snippets.js';
import type { EmitOptions } from './compile/unit.js';
import type { ProtocolName } from './protocol.js';

/** Maps each protocol to its emitter snippets. */
export const SNIPPETS: Record<ProtocolName, ProtocolSnippets> = {
  binary: binarySnippets,
  compact: compactSnippets,
  json: jsonSnippets,
};

const compiled = new WeakMap<Schema, Map<string, ReadonlyMap<string, StructCodec>>>();

/**
 * Returns the codecs of all structs of a schema by id. Compiles them on the first call and keeps
 * them as long as the schema.
 */
export function compileStructs(
  schema: Schema,
  protocol: ProtocolName,
  options: EmitOptions,
): ReadonlyMap<string, StructCodec> {
  let variants = compiled.get(schema);
  if (!variants) compiled.set(schema, (variants = new Map<string, ReadonlyMap<string, StructCodec>>()));
  const key = `${protocol} ${options.i64} ${options.lenient === true}`;
  let codecs = variants.get(key);
  if (!codecs) {
    codecs = evaluateCodecs(emitCodecs(schema, schema.structs.values(), SNIPPETS[protocol], options));
    variants.set(key, codecs);
  }
  return codecs;
}
