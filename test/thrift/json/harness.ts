import { createReader, writeBytes, type ReaderOptions } from '#lib/thrift/messages.js';
import type { ThriftReader, ThriftWriter } from '#lib/thrift/protocol.js';
import { codecError, structOf, type StructOptions, type StructUnderTest } from '../harness.js';

/** A struct's codec that speaks text, as `S` of an IDL. */
export interface JsonUnderTest {
  text(value: unknown): string;
  read(text: string | Buffer, options?: ReaderOptions): unknown;
}

export function jsonOf(idl: string, options: StructOptions = {}): JsonUnderTest {
  const codec: StructUnderTest = structOf(idl, 'S', { ...options, protocol: 'json' });
  return {
    text: (value) => codec.encode(value).toString(),
    read: (text, readerOptions) => codec.decode(Buffer.from(text as string), readerOptions),
  };
}

/** What `write` puts on the wire. */
export function jsonText(write: (writer: ThriftWriter) => void): string {
  return writeBytes('json', write).toString();
}

export function jsonReader(text: string | Buffer, options?: ReaderOptions): ThriftReader {
  return createReader('json', Buffer.from(text as string), options);
}

/** Why a text is refused. */
export function reasonFor(codec: JsonUnderTest, text: string | Buffer, options?: ReaderOptions): string {
  const { reason, code } = codecError(() => codec.read(text, options));
  return code === 'ERR_THRIFT_READ' ? reason : code;
}
