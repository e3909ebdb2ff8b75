import { describe, expect, it } from '@jest/globals';
import thrift from 'thrift';
import { createReader } from '../../lib/thrift/messages.js';
import { TType, type ThriftReader, type ThriftWriter } from '../../lib/thrift/protocol.js';
import { codecError, compact, unhex, written } from './harness.js';

/** Method by method: what is written, the bytes, and what is read back from them. */
const ROWS: readonly [
  name: string,
  write: (w: ThriftWriter) => void,
  hex: string,
  read: (r: ThriftReader) => unknown,
  value: unknown,
][] = [
  ['bool', (w) => w.writeBool(true), '01', (r) => r.readBool(), true],
  ['byte', (w) => w.writeByte(-2), 'fe', (r) => r.readByte(), -2],
  ['i16', (w) => w.writeI16(-2), 'fffe', (r) => r.readI16(), -2],
  ['i32', (w) => w.writeI32(-2), 'fffffffe', (r) => r.readI32(), -2],
  ['i64', (w) => w.writeI64(-2n), 'fffffffffffffffe', (r) => r.readI64(), new thrift.Int64(-2)],
  ['double', (w) => w.writeDouble(-2), 'c000000000000000', (r) => r.readDouble(), -2],
  ['string', (w) => w.writeString('ä'), '00000002 c3a4', (r) => r.readString(), 'ä'],
  ['binary', (w) => w.writeBinary(Buffer.of(9)), '00000001 09', (r) => r.readBinary(), Buffer.of(9)],
  [
    'uuid',
    (w) => w.writeUuid('00112233-4455-6677-8899-AABBCCDDEEFF'),
    '00112233445566778899aabbccddeeff',
    (r) => r.readUuid(),
    '00112233-4455-6677-8899-aabbccddeeff',
  ],
  [
    'field',
    (w) => w.writeFieldBegin('x', TType.I16, -3),
    '06 fffd',
    (r) => r.readFieldBegin(),
    { fname: null, ftype: 6, fid: -3 },
  ],
  ['stop', (w) => w.writeFieldStop(), '00', (r) => r.readFieldBegin(), { fname: null, ftype: 0, fid: 0 }],
  ['list', (w) => w.writeListBegin(TType.BOOL, 0), '02 00000000', (r) => r.readListBegin(), { etype: 2, size: 0 }],
  ['set', (w) => w.writeSetBegin(TType.UUID, 0), '10 00000000', (r) => r.readSetBegin(), { etype: 16, size: 0 }],
  [
    'map',
    (w) => w.writeMapBegin(TType.I32, TType.SET, 0),
    '08 0e 00000000',
    (r) => r.readMapBegin(),
    { ktype: 8, vtype: 14, size: 0 },
  ],
  ['struct', (w) => w.writeStructBegin('x'), '', (r) => r.readStructBegin(), { fname: '' }],
];

describe("TProtocol's methods", () => {
  it.each(ROWS)('writes and reads through the TProtocol methods for %s', (_name, write, hex, read, value) => {
    expect(written(write)).toBe(compact(hex));
    const reader = createReader('binary', unhex(hex));
    expect(read(reader)).toEqual(value);
    expect(reader.remaining).toBe(0);
  });

  // A generated writer of map<i32,…> runs over the keys of a plain object and passes each of them to writeI32.
  it.each<[string, (w: ThriftWriter) => void, string]>([
    ['writeBool', (w) => w.writeBool('false' as never), '00'],
    ['writeByte', (w) => w.writeByte('-2' as never), 'fe'],
    ['writeI16', (w) => w.writeI16('258' as never), '0102'],
    ['writeI32', (w) => w.writeI32('12' as never), '0000000c'],
    ['writeI64', (w) => w.writeI64('12' as never), '000000000000000c'],
    ['writeI64', (w) => w.writeI64('-9223372036854775808' as never), '8000000000000000'],
    ['writeDouble', (w) => w.writeDouble('-0.5' as never), 'bfe0000000000000'],
  ])('%s accepts a string key of a plain object', (_name, write, hex) => {
    expect(written(write)).toBe(hex);
  });

  it.each<[string, (w: ThriftWriter) => void]>([
    ['writeBool', (w) => w.writeBool('yes' as never)],
    ['writeByte', (w) => w.writeByte('128' as never)],
    ['writeI16', (w) => w.writeI16('1.5' as never)],
    ['writeI32', (w) => w.writeI32('012' as never)],
    ['writeI64', (w) => w.writeI64('9223372036854775808' as never)],
    ['writeDouble', (w) => w.writeDouble('' as never)],
  ])('%s refuses a string that is no key of its type', (_name, write) => {
    expect(codecError(() => written(write)).code).toBe('ERR_THRIFT_WRITE');
  });

  it('methods without a binary encoding write no bytes', () => {
    const calls = (writer: ThriftWriter): void => {
      writer.writeMessageEnd();
      writer.writeFieldEnd();
      writer.incrementRecursionDepth();
      writer.decrementRecursionDepth();
      writer.flush();
      expect(writer.getTransport()).toBe(writer);
      expect(writer.length).toBe(0);
    };
    expect(written(calls)).toBe('');
  });

  it.each<[string, (w: ThriftWriter) => void]>([
    ['writeBool', (w) => w.writeBool(1 as never)],
    ['writeByte', (w) => w.writeByte(128)],
    ['writeI16', (w) => w.writeI16(1.5)],
    ['writeI32', (w) => w.writeI32(NaN)],
    ['writeI64', (w) => w.writeI64('0x1' as never)],
    ['writeDouble', (w) => w.writeDouble('1.' as never)],
    ['writeString', (w) => w.writeString(Buffer.of(1) as never)],
    ['writeBinary', (w) => w.writeBinary('x' as never)],
    ['writeUuid', (w) => w.writeUuid('x')],
    ['writeFieldBegin', (w) => w.writeFieldBegin('x', 8, 40000)],
    ['writeListBegin', (w) => w.writeListBegin(8, -1)],
    ['writeMapBegin', (w) => w.writeMapBegin(8, 8, 2 ** 31)],
    ['writeMessageBegin', (w) => w.writeMessageBegin('x', -1, 0)],
    ['writeMessageBegin', (w) => w.writeMessageBegin(5 as never, 4, 0)],
  ])('%s refuses an argument that does not fit its type', (_name, write) => {
    expect(codecError(() => written(write)).code).toBe('ERR_THRIFT_WRITE');
  });

  it('readers and writers refuse more than 64 structs in each other', () => {
    const begin = (levels: number) => (writer: ThriftWriter) => {
      for (let i = 0; i < levels; i++) {
        writer.writeListBegin(TType.STRUCT, 0);
        writer.writeStructBegin('x');
      }
    };
    expect(written(begin(64))).toBe('0c00000000'.repeat(64));
    expect(codecError(() => written(begin(65))).reason).toBe('limit-exceeded');
    const reader = createReader('binary', Buffer.alloc(0));
    for (let i = 0; i < 64; i++) reader.readStructBegin();
    expect(codecError(() => reader.readStructBegin())).toMatchObject({ limit: 'depth' });
  });

  it('end methods leave the level that their begin methods entered', () => {
    const flat = (writer: ThriftWriter): void => {
      for (let i = 0; i < 100; i++) {
        writer.writeStructBegin('x');
        writer.writeStructEnd();
        writer.writeMapBegin(3, 3, 0);
        writer.writeMapEnd();
        writer.writeSetBegin(3, 0);
        writer.writeSetEnd();
        writer.writeListBegin(3, 0);
        writer.writeListEnd();
      }
    };
    const reader = createReader('binary', unhex(written(flat)));
    for (let i = 0; i < 100; i++) {
      reader.readStructBegin();
      reader.readStructEnd();
      reader.readMapBegin();
      reader.readMapEnd();
      reader.readSetBegin();
      reader.readSetEnd();
      reader.readListBegin();
      reader.readListEnd();
    }
    expect(reader.remaining).toBe(0);
  });

  it('begin methods refuse a size that exceeds the remaining bytes', () => {
    expect(codecError(() => createReader('binary', unhex('0c 00000003 0000')).readListBegin()).reason).toBe(
      'truncated',
    );
    expect(codecError(() => createReader('binary', unhex('08 08 7fffffff')).readMapBegin()).reason).toBe('truncated');
    expect(codecError(() => createReader('binary', unhex('01 00000001 00')).readSetBegin()).reason).toBe(
      'type-mismatch',
    );
  });
});
