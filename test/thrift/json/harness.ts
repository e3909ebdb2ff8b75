import { createReader, writeBytes, type ReaderOptions } from '#lib/thrift/messages.js';
import type { ThriftReader, ThriftWriter } from '#lib/thrift/protocol.js';
import { structOf, type StructOptions, type StructUnderTest } from '../harness.js';

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

/** Returns the text that `write` produces. */
export function jsonText(write: (writer: ThriftWriter) => void): string {
  return writeBytes('json', write).toString();
}

export function jsonReader(text: string | Buffer, options?: ReaderOptions): ThriftReader {
  return createReader('json', Buffer.from(text as string), options);
}

/** A struct S with a field of each type, to read texts of. */
export const KITCHEN_SINK = `
  struct Point { 1: required i32 x, 2: string label }
  union Shape { 1: i32 radius, 2: Point corner }
  struct S {
    1: i32 n, 2: string s, 3: list<Point> points, 4: map<string,Point> byName, 5: Shape shape, 6: set<i16> shorts, 7: bool b,
    8: map<i32,i32> m, 9: list<list<string>> deep, 10: uuid u, 11: i8 byte, 12: i64 long, 13: double d, 14: map<double,i8> dm,
    15: i16 sh, 16: binary bin, 17: map<bool,i8> bm, 18: map<i64,i8> lm
  }
`;
