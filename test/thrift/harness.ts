import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import type { Schema } from '#lib/idl/schema.js';
import type { EmitOptions } from '#lib/thrift/compile/unit.js';
import { ThriftCodecError } from '#lib/thrift/errors.js';
import { createReader, writeBytes, type ReaderOptions } from '#lib/thrift/messages.js';
import type { ProtocolName, ThriftWriter } from '#lib/thrift/protocol.js';
import { compileStructs } from '#lib/thrift/struct-codecs.js';
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
