import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import type { Schema } from '#lib/idl/schema.js';
import { emitCodecs } from '#lib/thrift/compile/emit-codecs.js';
import { evaluateCodecs, type StructCodec } from '#lib/thrift/compile/evaluate-codecs.js';
import type { EmitOptions } from '#lib/thrift/compile/unit.js';
import { ThriftCodecError } from '#lib/thrift/errors.js';
import { createReader, writeBytes, type ReaderOptions } from '#lib/thrift/messages.js';
import type { ProtocolName, ThriftWriter } from '#lib/thrift/protocol.js';
import { SNIPPETS } from '#lib/thrift/struct-codecs.js';
import type { UnknownFields } from '#lib/thrift/unknown-fields.js';

/** Encodes and decodes one struct of an IDL text, without a message around it. */
export interface StructUnderTest {
  encode(value: unknown): Buffer;
  hex(value: unknown): string;
  decode(bytes: Uint8Array | string, options?: ReaderOptions): unknown;
}

/** Configures the encoding and decoding of a struct: binary by default. */
export type StructOptions = Partial<EmitOptions> & {
  readonly protocol?: ProtocolName;
  readonly unknownFields?: UnknownFields;
};

/** The codecs of all structs of a schema by id. */
export function compileStructs(
  schema: Schema,
  protocol: ProtocolName,
  options: EmitOptions,
): ReadonlyMap<string, StructCodec> {
  return evaluateCodecs(emitCodecs(schema, schema.structs.values(), SNIPPETS[protocol], options));
}

/** The codec of `name` (default `S`) in an IDL text. */
export function structOf(idl: string, name = 'S', options: StructOptions = {}): StructUnderTest {
  return structIn(loadSchemaFromText(idl), `inline.${name}`, options);
}

export function structIn(schema: Schema, id: string, options: StructOptions = {}): StructUnderTest {
  const { protocol = 'binary', unknownFields = 'error', ...rest } = options;
  const codec = compileStructs(schema, protocol, { i64: 'bigint', ...rest }).get(id)!;
  const encode = (value: unknown): Buffer =>
    writeBytes(protocol, (writer) => {
      writer.unknownFields = unknownFields;
      codec.write(writer, value);
    });
  return {
    encode,
    hex: (value) => encode(value).toString('hex'),
    decode(bytes, readerOptions) {
      const reader = createReader(protocol, typeof bytes === 'string' ? unhex(bytes) : bytes, readerOptions);
      const value = codec.read(reader);
      if (reader.remaining > 0) throw new Error(`${reader.remaining} bytes were not read`);
      return value;
    },
  };
}

/** `0b 0001 …` to bytes; blanks are for the reader's eye. */
export function unhex(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}

/** The same for expectations. */
export function compact(hex: string): string {
  return hex.replaceAll(' ', '');
}

/** Returns the bytes that `write` produces, as hex. */
export function written(write: (writer: ThriftWriter) => void, protocol: ProtocolName = 'binary'): string {
  return writeBytes(protocol, write).toString('hex');
}

/** The codec error that `act` throws; anything else fails the test. */
export function codecError(act: () => unknown): ThriftCodecError {
  try {
    act();
  } catch (error) {
    if (error instanceof ThriftCodecError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** A struct whose values cost elements. */
export const COSTS_IDL = `
  struct Empty {}
  struct S { 1: list<i8> bytes, 2: list<Empty> structs, 3: map<i8,i8> pairs, 4: Empty one, 5: set<i8> unique, 6: list<list<i8>> lists }
`;

/** Lists values of {@link COSTS_IDL}, with the elements that they count when they are decoded, and when all fields are skipped. */
export const COSTS: readonly [name: string, value: object, cost: number, skipped: number][] = [
  ['an empty struct', {}, 3, 1],
  ['an empty list', { bytes: [] }, 7, 5],
  ['a list of three', { bytes: [1, 2, 3] }, 14, 12],
  ['a list of three structs', { structs: [{}, {}, {}] }, 14, 12],
  ['a map of two', { pairs: { 1: 1, 2: 2 } }, 23, 13],
  ['a struct in a struct', { one: {} }, 4, 2],
  ['an empty set', { unique: [] }, 19, 5],
  ['a set of two', { unique: [1, 2] }, 21, 11],
  ['lists in a list', { lists: [[], [1]] }, 24, 22],
];

export const PROTOCOLS: readonly ProtocolName[] = ['binary', 'compact', 'json'];
