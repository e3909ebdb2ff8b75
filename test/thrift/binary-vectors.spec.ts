import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import thrift from 'thrift';
import type { ThriftType } from '../../lib/idl/schema.js';
import { loadSchemaFromText } from '../../lib/idl/load-schema.js';
import { createReader } from '../../lib/thrift/messages.js';
import { structIn, written } from './harness.js';

interface Vectors {
  readonly structs: readonly { readonly type: string; readonly value: unknown; readonly hex: string }[];
  readonly messages: readonly {
    readonly header: string;
    readonly name: string;
    readonly type: number;
    readonly seqid: number;
    readonly hex: string;
  }[];
}

const vectors = JSON.parse(readFileSync(new URL('../vectors/binary.json', import.meta.url), 'utf8')) as Vectors;

/** The JSON form of a vector's value (see make-binary.py) as the codec's value. */
function revive(type: ThriftType, value: unknown): unknown {
  switch (type.kind) {
    case 'i64':
      return BigInt(value as string);
    case 'binary':
      return Buffer.from(value as string, 'hex');
    case 'list':
      return (value as unknown[]).map((item) => revive(type.element, item));
    case 'set':
      return new Set((value as unknown[]).map((item) => revive(type.element, item)));
    case 'map':
      return new Map(
        (value as [unknown, unknown][]).map(([key, item]) => [revive(type.key, key), revive(type.value, item)]),
      );
    default:
      return value;
  }
}

describe('bytes of the Apache Python library', () => {
  for (const { type, value, hex } of vectors.structs) {
    it(`${type}: ${hex.slice(0, 60)}`, () => {
      const schema = loadSchemaFromText(`struct S { 1: ${type} v }`);
      const codec = structIn(schema, 'inline.S');
      const expected = { v: revive(schema.structs.get('inline.S')!.fields[0]!.type, value) };
      expect(codec.decode(hex)).toEqual(expected);
      expect(codec.hex(expected)).toBe(hex);
    });
  }

  it.each(vectors.messages)('a message with a $header header', ({ header, name, type, seqid, hex }) => {
    const reader = createReader('binary', Buffer.from(hex, 'hex'), { oldBinary: header === 'old' });
    expect(reader.readMessageBegin()).toMatchObject({ name, type, seqid });
    reader.skip(12);
    expect(reader.remaining).toBe(0);
  });
});

describe('bytes of the Apache Node library', () => {
  type Calls = (protocol: thrift.TProtocol) => void;
  const { Type } = thrift.Thrift;

  function apache(calls: Calls): string {
    let bytes: Buffer | undefined;
    const transport = new thrift.TBufferedTransport(undefined, (flushed) => (bytes = flushed));
    calls(new thrift.TBinaryProtocol(transport));
    transport.flush();
    return bytes!.toString('hex');
  }

  // Values of which the Apache library is known to write the right bytes.
  const rows: readonly [name: string, calls: Calls][] = [
    ['a message header', (p) => p.writeMessageBegin('startBackup', 4, 0)],
    ['a field', (p) => p.writeFieldBegin('x', Type.I32, -2)],
    ['a stop', (p) => p.writeFieldStop()],
    ['bool', (p) => p.writeBool(true)],
    ['byte', (p) => p.writeByte(-3)],
    ['i16', (p) => p.writeI16(-300)],
    ['i32', (p) => p.writeI32(-70000)],
    ['i64', (p) => p.writeI64(1234567890123)],
    ['double', (p) => p.writeDouble(0.1)],
    ['string', (p) => p.writeString('grüße, 世界')],
    ['binary', (p) => p.writeBinary(Buffer.from([0, 255]))],
    ['a map', (p) => p.writeMapBegin(Type.STRING, Type.I64, 3)],
    ['a list', (p) => p.writeListBegin(Type.STRUCT, 2)],
    ['a set', (p) => p.writeSetBegin(Type.BOOL, 1)],
  ];
  it.each(rows)('%s', (_name, calls) => {
    expect(written((writer) => calls(writer as unknown as thrift.TProtocol))).toBe(apache(calls));
  });
});
