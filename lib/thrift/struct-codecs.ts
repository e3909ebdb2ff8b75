import type { Schema, StructSchema } from '../idl/schema.js';
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

/** Returns the arguments of a schema's oneway functions. Calls of other functions are never queued. */
export function onewayArguments({ services }: Pick<Schema, 'services'>): readonly StructSchema[] {
  const functions = [...services.values()].flatMap((service) => [...service.functions.values()]);
  return functions.flatMap(({ oneway, args }) => (oneway ? [args] : []));
}

/**
 * Returns the codecs of the arguments of a schema's oneway functions by struct id. Compiles them on the
 * first call and keeps them as long as the schema.
 */
export function compileArguments(
  schema: Schema,
  protocol: ProtocolName,
  options: EmitOptions,
): ReadonlyMap<string, StructCodec> {
  let variants = compiled.get(schema);
  if (!variants) compiled.set(schema, (variants = new Map<string, ReadonlyMap<string, StructCodec>>()));
  const key = `${protocol} ${options.i64} ${options.lenient === true}`;
  let codecs = variants.get(key);
  if (!codecs) {
    const roots = onewayArguments(schema);
    // Without functions there is nothing to evaluate, which a process may forbid.
    codecs = roots.length === 0 ? new Map() : evaluateCodecs(emitCodecs(schema, roots, SNIPPETS[protocol], options));
    variants.set(key, codecs);
  }
  return codecs;
}
