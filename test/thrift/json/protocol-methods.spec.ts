import { describe, expect, it } from '@jest/globals';
import thrift from 'thrift';
import { TType, type ThriftReader, type ThriftWriter } from '../../../lib/thrift/protocol.js';
import { codecError } from '../harness.js';
import { jsonReader, jsonText } from './harness.js';

/** Base values: what is written, its text as a value and as the key of a map, what is read back. */
const BASE: readonly [
  type: number,
  write: (w: ThriftWriter) => void,
  text: string,
  key: string,
  read: (r: ThriftReader) => unknown,
  value: unknown,
][] = [
  [TType.BOOL, (w) => w.writeBool(true), '1', '"1"', (r) => r.readBool(), true],
  [TType.I08, (w) => w.writeByte(-2), '-2', '"-2"', (r) => r.readByte(), -2],
  [TType.I16, (w) => w.writeI16(300), '300', '"300"', (r) => r.readI16(), 300],
  [TType.I32, (w) => w.writeI32(-70000), '-70000', '"-70000"', (r) => r.readI32(), -70000],
  [TType.I64, (w) => w.writeI64(-2n), '-2', '"-2"', (r) => r.readI64(), new thrift.Int64(-2)],
  [TType.DOUBLE, (w) => w.writeDouble(-0.5), '-0.5', '"-0.5"', (r) => r.readDouble(), -0.5],
  [TType.DOUBLE, (w) => w.writeDouble(NaN), '"NaN"', '"NaN"', (r) => r.readDouble(), NaN],
  [TType.STRING, (w) => w.writeString('"'), '"\\""', '"\\""', (r) => r.readString(), '"'],
  [TType.STRING, (w) => w.writeBinary(Buffer.of(9)), '"CQ=="', '"CQ=="', (r) => r.readBinary(), Buffer.of(9)],
  [
    TType.UUID,
    (w) => w.writeUuid('00112233-4455-6677-8899-AABBCCDDEEFF'),
    '"00112233-4455-6677-8899-aabbccddeeff"',
    '"00112233-4455-6677-8899-aabbccddeeff"',
    (r) => r.readUuid(),
    '00112233-4455-6677-8899-aabbccddeeff',
  ],
];

const NAMES = new Map<number, string>([
  [TType.BOOL, 'tf'],
  [TType.I08, 'i8'],
  [TType.I16, 'i16'],
  [TType.I32, 'i32'],
  [TType.I64, 'i64'],
  [TType.DOUBLE, 'dbl'],
  [TType.STRING, 'str'],
  [TType.UUID, 'uid'],
]);

describe.each(BASE)("TProtocol's methods for type %d", (type, write, text, key, read, value) => {
  const name = NAMES.get(type)!;

  it(`writes and reads ${text} in a field`, () => {
    const wire = jsonText((w) => {
      w.writeStructBegin('x');
      for (const id of [1, -2]) {
        w.writeFieldBegin('f', type, id);
        write(w);
        w.writeFieldEnd();
      }
      w.writeFieldStop();
      w.writeStructEnd();
    });
    expect(wire).toBe(`{"1":{"${name}":${text}},"-2":{"${name}":${text}}}`);
    const reader = jsonReader(wire);
    expect(reader.readStructBegin()).toEqual({ fname: '' });
    for (const fid of [1, -2]) {
      expect(reader.readFieldBegin()).toEqual({ fname: null, ftype: type, fid });
      expect(read(reader)).toEqual(value);
      reader.readFieldEnd();
    }
    expect(reader.readFieldBegin()).toEqual({ fname: null, ftype: 0, fid: 0 });
    reader.readStructEnd();
    expect(reader.remaining).toBe(0);
  });

  it(`writes and reads ${text} in a list and a set`, () => {
    const wire = jsonText((w) => {
      w.writeListBegin(type, 2);
      write(w);
      write(w);
      w.writeListEnd();
      w.writeSetBegin(type, 0);
      w.writeSetEnd();
    });
    expect(wire).toBe(`["${name}",2,${text},${text}]["${name}",0]`);
    const reader = jsonReader(wire);
    expect(reader.readListBegin()).toEqual({ etype: type, size: 2 });
    expect([read(reader), read(reader)]).toEqual([value, value]);
    reader.readListEnd();
    expect(reader.readSetBegin()).toEqual({ etype: type, size: 0 });
    reader.readSetEnd();
    expect(reader.remaining).toBe(0);
  });

  it(`writes and reads ${key} as a map key with the value ${text}`, () => {
    const wire = jsonText((w) => {
      w.writeMapBegin(type, type, 2);
      for (let i = 0; i < 4; i++) write(w);
      w.writeMapEnd();
    });
    expect(wire).toBe(`["${name}","${name}",2,{${key}:${text},${key}:${text}}]`);
    for (const skipped of [false, true]) {
      const reader = jsonReader(wire);
      expect(reader.readMapBegin()).toEqual({ ktype: type, vtype: type, size: 2 });
      for (let i = 0; i < 4; i++) {
        if (skipped) reader.skip(type);
        else expect(read(reader)).toEqual(value);
      }
      reader.readMapEnd();
      expect(reader.remaining).toBe(0);
    }
  });
});

describe("TProtocol's methods", () => {
  it('writes and reads nested containers', () => {
    const wire = jsonText((w) => {
      w.writeMapBegin(TType.I32, TType.LIST, 2);
      for (const key of [1, 2]) {
        w.writeI32(key);
        w.writeListBegin(TType.STRUCT, 1);
        w.writeStructBegin('x');
        w.writeFieldBegin('f', TType.MAP, 3);
        w.writeMapBegin(TType.STRING, TType.BOOL, 1);
        w.writeString('k');
        w.writeBool(false);
        w.writeMapEnd();
        w.writeFieldEnd();
        w.writeFieldStop();
        w.writeStructEnd();
        w.writeListEnd();
      }
      w.writeMapEnd();
    });
    const list = '["rec",1,{"3":{"map":["str","tf",1,{"k":0}]}}]';
    expect(wire).toBe(`["i32","lst",2,{"1":${list},"2":${list}}]`);
    const reader = jsonReader(wire);
    reader.readMapBegin();
    expect(reader.readI32()).toBe(1);
    reader.skip(TType.LIST);
    expect(reader.readI32()).toBe(2);
    reader.readListBegin();
    reader.readStructBegin();
    expect(reader.readFieldBegin()).toMatchObject({ ftype: TType.MAP, fid: 3 });
    reader.skip(TType.MAP);
    reader.readFieldEnd();
    expect(reader.readFieldBegin().ftype).toBe(TType.STOP);
    reader.readStructEnd();
    reader.readListEnd();
    reader.readMapEnd();
    expect(reader.remaining).toBe(0);
  });

  // A generated writer of map<i32,…> runs over the keys of a plain object and passes each of them to writeI32.
  it.each<[string, (w: ThriftWriter) => void, string]>([
    ['writeBool', (w) => w.writeBool('false' as never), '0'],
    ['writeByte', (w) => w.writeByte('-2' as never), '-2'],
    ['writeI16', (w) => w.writeI16('258' as never), '258'],
    ['writeI32', (w) => w.writeI32('12' as never), '12'],
    ['writeI64', (w) => w.writeI64('-9223372036854775808' as never), '-9223372036854775808'],
    ['writeDouble', (w) => w.writeDouble('-0.5' as never), '-0.5'],
  ])('%s accepts a string key of a plain object', (_name, write, text) => {
    expect(jsonText(write)).toBe(text);
  });

  it.each<[string, (w: ThriftWriter) => void]>([
    ['writeBool', (w) => w.writeBool(1 as never)],
    ['writeByte', (w) => w.writeByte(128)],
    ['writeI16', (w) => w.writeI16(1.5)],
    ['writeI32', (w) => w.writeI32(NaN)],
    ['writeI64', (w) => w.writeI64('0x1' as never)],
    ['writeI64', (w) => w.writeI64(2 ** 53)],
    ['writeDouble', (w) => w.writeDouble('1.' as never)],
    ['writeString', (w) => w.writeString(Buffer.of(1) as never)],
    ['writeBinary', (w) => w.writeBinary('x' as never)],
    ['writeUuid', (w) => w.writeUuid('x')],
    ['writeFieldBegin', (w) => w.writeFieldBegin('x', 8, 40000)],
    ['writeFieldBegin', (w) => w.writeFieldBegin('x', 0, 1)],
    ['writeListBegin', (w) => w.writeListBegin(8, -1)],
    ['writeListBegin', (w) => w.writeListBegin(7, 0)],
    ['writeMapBegin', (w) => w.writeMapBegin(8, 8, 2 ** 31)],
    ['writeMapBegin', (w) => w.writeMapBegin(8, 1, 0)],
    ['writeMessageBegin', (w) => w.writeMessageBegin('x', -1, 0)],
    ['writeMessageBegin', (w) => w.writeMessageBegin(5 as never, 4, 0)],
  ])('%s refuses an argument that does not fit its type', (_name, write) => {
    expect(codecError(() => jsonText(write)).code).toBe('ERR_THRIFT_WRITE');
  });

  it('methods without a JSON encoding write no text', () => {
    const calls = (writer: ThriftWriter): void => {
      writer.writeFieldStop();
      writer.incrementRecursionDepth();
      writer.decrementRecursionDepth();
      writer.flush();
      expect(writer.getTransport()).toBe(writer);
      expect(writer.length).toBe(0);
    };
    expect(jsonText(calls)).toBe('');
    const reader = jsonReader('1');
    reader.incrementRecursionDepth();
    reader.decrementRecursionDepth();
    reader.flush();
    expect(reader.getTransport()).toBe(reader);
    expect(reader.remaining).toBe(1);
  });

  it('readers and writers refuse more than 512 containers in each other', () => {
    const begin = (levels: number) => (writer: ThriftWriter) => {
      for (let i = 0; i < levels; i++) writer.writeListBegin(TType.LIST, 1);
    };
    expect(jsonText(begin(512))).toBe(`["lst",1${',["lst",1'.repeat(511)}`);
    expect(codecError(() => jsonText(begin(513))).reason).toBe('limit-exceeded');
    const reader = jsonReader(`["lst",1${',["lst",1'.repeat(513)}`);
    for (let i = 0; i < 512; i++) reader.readListBegin();
    expect(codecError(() => reader.readListBegin())).toMatchObject({ limit: 'depth' });
  });

  it('refuses to skip a type that Thrift does not have', () => {
    for (const type of [0, 1, 5, 7, 9, 17, -1]) {
      expect(codecError(() => jsonReader('1').skip(type)).reason).toBe('type-mismatch');
    }
  });
});
