import { describe, expect, it } from '@jest/globals';
import thrift from 'thrift';
import { createReader } from '../../../lib/thrift/messages.js';
import { TType, type ThriftReader, type ThriftWriter } from '../../../lib/thrift/protocol.js';
import { codecError, compact, unhex, written as writtenIn } from '../harness.js';

const written = (write: (writer: ThriftWriter) => void): string => writtenIn(write, 'compact');
const reading = (hex: string): ThriftReader => createReader('compact', unhex(hex));

/** Method by method: what is written, the bytes, and what is read back from them. */
const ROWS: readonly [string, (w: ThriftWriter) => void, hex: string, (r: ThriftReader) => unknown, value: unknown][] = [
  ['bool', (w) => w.writeBool(true), '01', (r) => r.readBool(), true],
  ['false', (w) => w.writeBool(false), '02', (r) => r.readBool(), false],
  ['byte', (w) => w.writeByte(-2), 'fe', (r) => r.readByte(), -2],
  ['i16', (w) => w.writeI16(-2), '03', (r) => r.readI16(), -2],
  ['i32', (w) => w.writeI32(-2), '03', (r) => r.readI32(), -2],
  ['i64', (w) => w.writeI64(-2n), '03', (r) => r.readI64(), new thrift.Int64(-2)],
  ['double', (w) => w.writeDouble(-2), '00000000000000c0', (r) => r.readDouble(), -2],
  ['string', (w) => w.writeString('ä'), '02 c3a4', (r) => r.readString(), 'ä'],
  ['binary', (w) => w.writeBinary(Buffer.of(9)), '01 09', (r) => r.readBinary(), Buffer.of(9)],
  ['stop', (w) => w.writeFieldStop(), '00', (r) => r.readFieldBegin(), { fname: null, ftype: 0, fid: 0 }],
  ['field', (w) => w.writeFieldBegin('x', TType.I16, -3), '04 05', (r) => r.readFieldBegin(), { fname: null, ftype: 6, fid: -3 }],
  ['list', (w) => w.writeListBegin(TType.BOOL, 0), '01', (r) => r.readListBegin(), { etype: 2, size: 0 }],
  ['set', (w) => w.writeSetBegin(TType.UUID, 0), '0d', (r) => r.readSetBegin(), { etype: 16, size: 0 }],
  ['an empty map', (w) => w.writeMapBegin(TType.I32, TType.SET, 0), '00', (r) => r.readMapBegin(), { ktype: 0, vtype: 0, size: 0 }],
  ['struct', (w) => w.writeStructBegin('x'), '', (r) => r.readStructBegin(), { fname: '' }],
]; // prettier-ignore

const fields = (w: ThriftWriter): void => {
  w.writeStructBegin('');
  w.writeFieldBegin('', TType.BOOL, 1);
  w.writeBool(false);
  w.writeFieldEnd();
  w.writeFieldBegin('', TType.STRUCT, 2);
  w.writeStructBegin('');
  w.writeFieldBegin('', TType.BOOL, 40);
  w.writeBool(true);
  w.writeFieldBegin('', TType.LIST, 41);
  w.writeListBegin(TType.BOOL, 2);
  w.writeBool(true);
  w.writeBool(false);
  w.writeListEnd();
  w.writeFieldStop();
  w.writeStructEnd();
  w.writeFieldBegin('', TType.MAP, 4);
  w.writeMapBegin(TType.I08, TType.BOOL, 1);
  w.writeByte(1);
  w.writeBool(false);
  w.writeMapEnd();
  w.writeFieldStop();
  w.writeStructEnd();
};
const FIELDS = '12 1c 01 50 19 21 01 02 00 2b 01 31 01 02 00';

describe("TProtocol's methods in compact", () => {
  it.each(ROWS)('writes and reads through the TProtocol methods for %s', (_name, write, hex, read, value) => {
    expect(written(write)).toBe(compact(hex));
    const reader = reading(hex);
    expect(read(reader)).toEqual(value);
    expect(reader.remaining).toBe(0);
  });

  it('writes bools into field headers and counts ids anew in every struct', () => {
    expect(written(fields)).toBe(compact(FIELDS));
    const reader = reading(FIELDS);
    reader.readStructBegin();
    expect([reader.readFieldBegin(), reader.readBool()]).toEqual([{ fname: null, ftype: 2, fid: 1 }, false]);
    expect(reader.readFieldBegin()).toMatchObject({ ftype: 12, fid: 2 });
    reader.readStructBegin();
    expect([reader.readFieldBegin().fid, reader.readBool()]).toEqual([40, true]);
    expect(reader.readFieldBegin()).toMatchObject({ ftype: 15, fid: 41 });
    expect([reader.readListBegin(), reader.readBool(), reader.readBool()]).toEqual([
      { etype: 2, size: 2 },
      true,
      false,
    ]);
    reader.readListEnd();
    expect(reader.readFieldBegin().ftype).toBe(0);
    reader.readStructEnd();
    expect(reader.readFieldBegin()).toMatchObject({ ftype: 13, fid: 4 });
    expect(reader.readMapBegin()).toEqual({ ktype: 3, vtype: 2, size: 1 });
    expect([reader.readByte(), reader.readBool()]).toEqual([1, false]);
    reader.readMapEnd();
    expect(reader.readFieldBegin().ftype).toBe(0);
    reader.readStructEnd();
    expect(reader.remaining).toBe(0);
  });

  it('skips fields by their types, bools in field headers included', () => {
    const reader = reading(FIELDS);
    reader.readStructBegin();
    const ids: number[] = [];
    for (let field = reader.readFieldBegin(); field.ftype !== 0; field = reader.readFieldBegin()) {
      ids.push(field.fid);
      reader.skip(field.ftype);
    }
    expect(ids).toEqual([1, 2, 4]);
    expect(reader.remaining).toBe(0);
    expect(codecError(() => reading('00').skip(5)).reason).toBe('type-mismatch');
  });

  it('discards a begun bool field when writing fails', () => {
    expect(() =>
      written((w) => {
        w.writeStructBegin('');
        w.writeFieldBegin('', TType.BOOL, 9);
        w.writeBool(1 as never);
      }),
    ).toThrow('expected bool');
    expect(written((w) => w.writeBool(true))).toBe('01');
    expect(written((w) => w.writeFieldBegin('', TType.I32, 1))).toBe('15');
  });

  // A generated writer of map<i32,…> runs over the keys of a plain object and passes each of them to writeI32.
  it.each<[string, (w: ThriftWriter) => void, string]>([
    ['writeBool', (w) => w.writeBool('false' as never), '02'],
    ['writeByte', (w) => w.writeByte('-2' as never), 'fe'],
    ['writeI16', (w) => w.writeI16('258' as never), '8404'],
    ['writeI32', (w) => w.writeI32('12' as never), '18'],
    ['writeI64', (w) => w.writeI64('-9223372036854775808' as never), 'ffffffffffffffffff01'],
    ['writeDouble', (w) => w.writeDouble('-0.5' as never), '000000000000e0bf'],
  ])('%s accepts a string key of a plain object', (_name, write, hex) => {
    expect(written(write)).toBe(hex);
  });

  it.each<[string, (w: ThriftWriter) => void]>([
    ['writeBool', (w) => w.writeBool(1 as never)],
    ['writeByte', (w) => w.writeByte(128)],
    ['writeI16', (w) => w.writeI16(1.5)],
    ['writeI32', (w) => w.writeI32('012' as never)],
    ['writeI64', (w) => w.writeI64(2n ** 63n)],
    ['writeDouble', (w) => w.writeDouble('1.' as never)],
    ['writeString', (w) => w.writeString(Buffer.of(1) as never)],
    ['writeString', (w) => w.writeString(`${'x'.repeat(130)}\ud800`)],
    ['writeBinary', (w) => w.writeBinary('x' as never)],
    ['writeUuid', (w) => w.writeUuid('x')],
    ['writeFieldBegin', (w) => w.writeFieldBegin('x', 8, 40000)],
    ['writeFieldBegin', (w) => w.writeFieldBegin('x', 2, -40000)],
    ['writeFieldBegin', (w) => w.writeFieldBegin('x', 5, 1)],
    ['writeListBegin', (w) => w.writeListBegin(8, -1)],
    ['writeListBegin', (w) => w.writeListBegin(17, 0)],
    ['writeMapBegin', (w) => w.writeMapBegin(8, 8, 2 ** 31)],
    ['writeMessageBegin', (w) => w.writeMessageBegin('x', 8, 0)],
    ['writeMessageBegin', (w) => w.writeMessageBegin('x', -1, 0)],
    ['writeMessageBegin', (w) => w.writeMessageBegin('x', 4, 2 ** 31)],
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
    expect(written(begin(64))).toBe('0c'.repeat(64));
    expect(codecError(() => written(begin(65))).reason).toBe('limit-exceeded');
    const reader = reading('');
    for (let i = 0; i < 64; i++) reader.readStructBegin();
    expect(codecError(() => reader.readStructBegin())).toMatchObject({ limit: 'depth' });
  });
});

describe('compact message headers', () => {
  /** Protocol id, type and version, sequence id, name. */
  it.each([
    ['ping', 4, 7, '82 81 07 04 70696e67'],
    ['', 1, 0, '82 21 00 00'],
    ['x', 2, -1, '82 41 ffffffff0f 01 78'],
    ['x', 3, 2147483647, '82 61 ffffffff07 01 78'],
    ['x', 0, -2147483648, '82 01 8080808008 01 78'],
  ])('writes and reads the header %j, type %d, sequence id %d', (name, type, seqid, hex) => {
    expect(written((w) => w.writeMessageBegin(name, type, seqid))).toBe(compact(hex));
    expect(reading(hex).readMessageBegin()).toEqual({ name, type, seqid, fname: name, mtype: type, rseqid: seqid });
  });

  it.each([
    ['the first bytes of binary', '80 01 00 04', 'bad-header'],
    ['version 0', '82 80 00 00', 'bad-header'],
    ['version 2', '82 82 00 00', 'bad-header'],
    ['version 31', '82 9f 00 00', 'bad-header'],
    ['a negative name length', '82 81 00 ffffffff0f', 'limit-exceeded'],
    ['a name longer than the bytes', '82 81 00 05 70', 'truncated'],
    ['a name that is not UTF-8', '82 81 00 01 ff', 'invalid-utf8'],
    ['a sequence id of 33 bits', '82 81 ffffffff1f 00', 'type-mismatch'],
    ['no version', '82', 'truncated'],
  ])('refuses a compact header with %s', (_name, hex, reason) => {
    expect(codecError(() => reading(hex).readMessageBegin()).reason).toBe(reason);
  });
});
