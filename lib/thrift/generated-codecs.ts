import type { Schema } from '../idl/schema.js';
import { codecRuntime } from './compile/codec-runtime.js';
import type { StructCodec } from './compile/evaluate-codecs.js';
import type { I64Mode } from './compile/snippets.js';
import type { EmitOptions } from './compile/unit.js';
import type { ProtocolName } from './protocol.js';

/** What generated functions take from this library. */
export type CodecRuntime = typeof codecRuntime;

/** Codecs by struct id. */
export type StructCodecs = ReadonlyMap<string, StructCodec>;

/** The codecs of one protocol in a generated module. */
export interface GeneratedCodecs {
  /** {@link CODEC_FORMAT} of the generator. */
  readonly format: number;
  /** What an i64 is read as. */
  readonly i64: I64Mode;
  /** The functions, made at the first use. They cover every struct that the arguments of the schema's functions reach. */
  readonly codecs: (runtime: CodecRuntime) => StructCodecs;
}

/** Raised whenever emitted source and the classes it works on change together, so that modules of another version are noticed. */
export const CODEC_FORMAT = 1;

const registered = new WeakMap<Schema, Map<ProtocolName, GeneratedCodecs>>();

/**
 * Makes the codecs of a generated module known, so that nothing is evaluated for its schema.
 *
 * @throws Error the module was made by a version of this library whose codecs fitted other classes
 */
export function registerCodecs(schema: Schema, protocol: ProtocolName, codecs: GeneratedCodecs): void {
  if (codecs.format !== CODEC_FORMAT) {
    throw new Error(
      `the module generated from ${schema.files[0] ?? schema.program} has codecs of format ${codecs.format}, and this version ` +
        `of nestjs-sqs-thrift takes format ${CODEC_FORMAT}: run "nestjs-sqs-thrift generate" again`,
    );
  }
  const known = registered.get(schema) ?? new Map<ProtocolName, GeneratedCodecs>();
  registered.set(schema, known.set(protocol, codecs));
}

/** Made functions, so that the services of one module share them. */
const made = new WeakMap<GeneratedCodecs, StructCodecs>();

/** The codecs that a generated module has for a protocol. Options other than `i64` have their defaults in them. */
export function generatedCodecs(
  schema: Schema,
  protocol: ProtocolName,
  { i64, unknownKeys, lenient }: EmitOptions,
): StructCodecs | undefined {
  const found = registered.get(schema)?.get(protocol);
  if (found?.i64 !== i64 || unknownKeys !== 'ignore' || lenient) return undefined;
  const codecs = made.get(found) ?? found.codecs(codecRuntime);
  made.set(found, codecs);
  return codecs;
}

/** How the types of a generated module say that an i64 is read; undefined for a schema loaded at run time. */
export function generatedI64(schema: Schema): I64Mode | undefined {
  return registered.get(schema)?.values().next().value?.i64;
}
