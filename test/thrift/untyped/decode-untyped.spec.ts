import { describe, expect, it } from '@jest/globals';
import { loadSchemaFromText } from '../../../lib/idl/load-schema.js';
import { findService } from '../../../lib/idl/find-service.js';
import { writeBytes } from '../../../lib/thrift/messages.js';
import { type ProtocolName, type ThriftWriter, TType } from '../../../lib/thrift/protocol.js';
import { compileService } from '../../../lib/thrift/service-codec.js';
import { decodeUntyped } from '../../../lib/thrift/untyped/decode-untyped.js';
import type { UntypedField } from '../../../lib/thrift/untyped/untyped-reader.js';
import { PROTOCOLS } from '../../vectors/protocols.js';
import { codecError, unhex } from '../harness.js';

const service = findService(
  loadSchemaFromText(`
    enum Color { RED = 1 }
    union Choice { 1: i32 number, 2: string text }
    struct Inner { 1: bool flag, 20: Choice choice }
    service S {
      oneway void all(
        1: bool yes, 2: bool no, 3: i8 tiny, 4: i16 short, 5: i32 int, 6: i64 long, 7: double ratio, 8: string text,
        10: uuid id, 11: Color color, 12: Inner inner, 13: list<bool> flags, 14: set<i64> longs,
        15: map<string, list<i32>> lists, 16: list<Inner> inners, i32 negative
      )
      oneway void bytes(1: binary bytes)
      oneway void empties(1: list<i32> list, 2: map<i32, i32> map)
    }
  `),
  'S',
);

function message(protocol: ProtocolName, method: string, args: object): Buffer {
  return writeBytes(protocol, (writer) => {
    writer.writeMessageBegin(`S:${method}`, 4, 7);
    compileService(service, protocol).methods.get(method)!.write(writer, args);
    writer.writeMessageEnd();
  });
}

const ARGS = {
  yes: true,
  no: false,
  tiny: -1,
  short: 300,
  int: -70000,
  long: 2n ** 62n,
  ratio: -0,
  text: 'grüße',
  id: '00112233-4455-6677-8899-aabbccddeeff',
  color: 1,
  inner: { flag: false, choice: { text: 'x' } },
  flags: [true, false],
  longs: new Set([-1n]),
  lists: new Map([['k', [1]]]),
  inners: [{}, { choice: { number: 5 } }],
  negative: -7,
};

/** In the order of their ids, in which they are written. */
const FIELDS: readonly UntypedField[] = [
  { id: -1, value: { type: 'i32', value: -7 } },
  { id: 1, value: { type: 'bool', value: true } },
  { id: 2, value: { type: 'bool', value: false } },
  { id: 3, value: { type: 'i8', value: -1 } },
  { id: 4, value: { type: 'i16', value: 300 } },
  { id: 5, value: { type: 'i32', value: -70000 } },
  { id: 6, value: { type: 'i64', value: 2n ** 62n } },
  { id: 7, value: { type: 'double', value: -0 } },
  { id: 8, value: { type: 'string', value: 'grüße' } },
  { id: 10, value: { type: 'uuid', value: '00112233-4455-6677-8899-aabbccddeeff' } },
  { id: 11, value: { type: 'i32', value: 1 } },
  {
    id: 12,
    value: {
      type: 'struct',
      fields: [
        { id: 1, value: { type: 'bool', value: false } },
        { id: 20, value: { type: 'struct', fields: [{ id: 2, value: { type: 'string', value: 'x' } }] } },
      ],
    },
  },
  {
    id: 13,
    value: { type: 'list', element: 'bool', items: [{ type: 'bool', value: true }, { type: 'bool', value: false }] }, // prettier-ignore
  },
  { id: 14, value: { type: 'set', element: 'i64', items: [{ type: 'i64', value: -1n }] } },
  {
    id: 15,
    value: {
      type: 'map',
      key: 'string',
      value: 'list',
      entries: [[{ type: 'string', value: 'k' }, { type: 'list', element: 'i32', items: [{ type: 'i32', value: 1 }] }]], // prettier-ignore
    },
  },
  {
    id: 16,
    value: {
      type: 'list',
      element: 'struct',
      items: [
        { type: 'struct', fields: [] },
        { type: 'struct', fields: [{ id: 20, value: { type: 'struct', fields: [{ id: 1, value: { type: 'i32', value: 5 } }] } }] }, // prettier-ignore
      ],
    },
  },
];

describe.each(PROTOCOLS)('an untyped message in %s', (protocol) => {
  it('decodes an untyped message into its header, fields and values', () => {
    expect(decodeUntyped(message(protocol, 'all', ARGS))).toStrictEqual([
      { protocol, name: 'S:all', type: 4, seqid: 7, fields: FIELDS },
    ]);
  });

  it('decodes each of several untyped messages', () => {
    const bytes = Buffer.concat([message(protocol, 'all', ARGS), message(protocol, 'all', { no: true })]);
    expect(decodeUntyped(bytes).map(({ fields }) => fields)).toStrictEqual([
      FIELDS,
      [{ id: 2, value: { type: 'bool', value: true } }],
    ]);
  });

  it('applies the depth and elements limits to an untyped message', () => {
    const deep = message(protocol, 'all', { inner: { choice: { text: 'x' } } });
    expect(decodeUntyped(deep, { limits: { depth: 3, elements: 16 } })).toHaveLength(1);
    expect(codecError(() => decodeUntyped(deep, { limits: { depth: 2 } }))).toMatchObject({ limit: 'depth' });
    const twenty = writeBytes(protocol, (writer) => {
      writer.writeMessageBegin('m', 4, 0);
      writer.writeStructBegin('args');
      for (let id = 1; id <= 20; id++) {
        writer.writeFieldBegin('f', TType.I08, id);
        writer.writeByte(1);
        writer.writeFieldEnd();
      }
      writer.writeFieldStop();
      writer.writeStructEnd();
      writer.writeMessageEnd();
    });
    const body = Buffer.concat([twenty, twenty]);
    expect(decodeUntyped(body, { limits: { elements: 40 } })).toHaveLength(2);
    expect(codecError(() => decodeUntyped(body, { limits: { elements: 39 } }))).toMatchObject({ limit: 'elements' });
  });

  it.each(Array.from({ length: 60 }, (_, cut) => cut + 1))(
    'refuses an untyped message without its last %d bytes',
    (cut) => {
      const whole = message(protocol, 'all', ARGS);
      expect(codecError(() => decodeUntyped(whole.subarray(0, -cut))).reason).toBe('truncated');
    },
  );

  it('names the field ids in the path of a refusal', () => {
    const bytes = message(protocol, 'all', { inner: { choice: { text: 'x'.repeat(50) } } });
    const error = codecError(() => decodeUntyped(bytes, { limits: { stringBytes: 20 } }));
    expect(error).toMatchObject({ limit: 'stringBytes', path: '[message 0].12.20.2' });
  });
});

describe('text and bytes', () => {
  const bytesOf = (protocol: ProtocolName, bytes: Buffer): unknown =>
    decodeUntyped(message(protocol, 'bytes', { bytes }))[0]!.fields[0]!.value;

  it.each(['binary', 'compact'] as const)('decodes UTF-8 as text and other bytes as binary: %s', (protocol) => {
    expect(bytesOf(protocol, Buffer.from('text'))).toEqual({ type: 'string', value: 'text' });
    expect(bytesOf(protocol, Buffer.from([0xff, 0]))).toEqual({ type: 'binary', value: Buffer.from([0xff, 0]) });
  });
});

describe('empty containers', () => {
  it('keeps the types of an empty container as far as the protocol carries types', () => {
    const fields = (protocol: ProtocolName): unknown =>
      decodeUntyped(message(protocol, 'empties', { list: [], map: {} }))[0]!.fields.map(({ value }) => value);
    expect(fields('binary')).toStrictEqual([
      { type: 'list', element: 'i32', items: [] },
      { type: 'map', key: 'i32', value: 'i32', entries: [] },
    ]);
    expect(fields('compact')).toStrictEqual([
      { type: 'list', element: 'i32', items: [] },
      { type: 'map', entries: [] },
    ]);
  });
});

describe('decodeUntyped', () => {
  const fields = (write: (writer: ThriftWriter) => void): Buffer =>
    writeBytes('binary', (writer) => {
      writer.writeMessageBegin('x', 3, 0);
      write(writer);
    });

  it('keeps both occurrences of a repeated field', () => {
    const bytes = fields((writer) => {
      for (const value of [1, 2]) {
        writer.writeFieldBegin('', 8, 5);
        writer.writeI32(value);
      }
      writer.writeFieldStop();
    });
    expect(decodeUntyped(bytes)[0]).toMatchObject({ type: 3, fields: [{ id: 5 }, { id: 5 }] });
  });

  it.each([
    ['a first byte of no protocol', '00', 'unknown-protocol'],
    ['no bytes', '', 'unknown-protocol'],
    ['bytes after the last message', '80010004 00000000 00000000 00 0a', 'truncated'],
    ['a type Thrift does not have', '80010004 00000000 00000000 05 0001 00', 'type-mismatch'],
    ['compact type 14', '822100 00 1e 00', 'type-mismatch'],
  ])('refuses an untyped message with %s', (_name, hex, reason) => {
    expect(codecError(() => decodeUntyped(unhex(hex))).reason).toBe(reason);
  });

  it('reads a header without a version and a given protocol by option', () => {
    const old = unhex('00000001 78 04 00000007 00');
    expect(decodeUntyped(old, { oldBinary: true })).toMatchObject([{ protocol: 'binary', name: 'x', seqid: 7 }]);
    expect(codecError(() => decodeUntyped(old, { protocol: 'compact' })).reason).toBe('bad-header');
  });
});
