import { shared } from '../common/shared.js';
import type { Schema } from '../idl/schema.js';
import { codecRuntime } from './compile/codec-runtime.js';
import type { StructCodec } from './compile/evaluate-codecs.js';
import type { I64Mode } from './compile/snippets.js';
import type { EmitOptions } from './compile/unit.js';
import type { ProtocolName } from './protocol.js';

/**
 * Holds the functions that the codecs of a generated module call.
 *
 * @publicApi
 */
export type CodecRuntime = typeof codecRuntime;

/**
 * Maps struct ids to codecs.
 *
 * @publicApi
 */
export type StructCodecs = ReadonlyMap<string, StructCodec>;

/**
 * Holds the codecs of one protocol in a generated module.
 *
 * @publicApi
 */
export interface GeneratedCodecs {
  /** {@link CODEC_FORMAT} of the generator. */
  readonly format: number;
  /** The type of an i64 on read. */
  readonly i64: I64Mode;
  /**
   * Creates the functions on first use. They cover every struct reachable from the arguments of the
   * schema's oneway functions.
   */
  readonly codecs: (runtime: CodecRuntime) => StructCodecs;
}

/**
 * Increases whenever emitted source and the classes it uses change together, so that modules of
 * another version are detected.
 */
export const CODEC_FORMAT = 3;

/**
 * Maps schemas to their generated codecs, for all copies of this package. A generated module may
 * load one copy, and the client that uses the module another.
 */
const registered = shared(
  `generated-codecs/${CODEC_FORMAT}`,
  () => new WeakMap<Schema, Map<ProtocolName, GeneratedCodecs>>(),
);

/**
 * Registers the codecs of a generated module, so that nothing is evaluated for its schema.
 *
 * @throws Error if an incompatible version of this library generated the module
 * @publicApi
 */
export function registerCodecs(schema: Schema, protocol: ProtocolName, codecs: GeneratedCodecs): void {
  if (codecs.format !== CODEC_FORMAT) {
    throw new Error(
      `the module generated from ${schema.files[0] ?? schema.program} has codecs of format ${codecs.format}, and this version ` +
        `of nestjs-sqs-thrift reads format ${CODEC_FORMAT}: run "nestjs-sqs-thrift generate" again`,
    );
  }
  const known = registered.get(schema) ?? new Map<ProtocolName, GeneratedCodecs>();
  registered.set(schema, known.set(protocol, codecs));
}

/** Caches created functions, so that the services of one module share them. */
const made = new WeakMap<GeneratedCodecs, StructCodecs>();

/**
 * Returns the codecs of a generated module for a protocol. Generated codecs use
 * the default of the option `lenient`.
 */
export function generatedCodecs(
  schema: Schema,
  protocol: ProtocolName,
  { i64, lenient }: EmitOptions,
): StructCodecs | undefined {
  const found = registered.get(schema)?.get(protocol);
  if (found?.i64 !== i64 || lenient) return undefined;
  const codecs = made.get(found) ?? found.codecs(codecRuntime);
  made.set(found, codecs);
  return codecs;
}

/**
 * Returns the i64 type that a generated module declares; undefined for a schema loaded at run time.
 */
export function generatedI64(schema: Schema): I64Mode | undefined {
  return registered.get(schema)?.values().next().value?.i64;
}
