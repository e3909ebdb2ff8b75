import { describe, expect, it } from '@jest/globals';
import { createEventCodec } from '../../lib/event/event-codec.js';
import { MalformedEventError } from '../../lib/event/event-error.js';
import { findService } from '../../lib/idl/find-service.js';
import { loadSchemaFromText } from '../../lib/idl/load-schema.js';
import { writeBytes } from '../../lib/thrift/messages.js';
import { TType, type ThriftWriter } from '../../lib/thrift/protocol.js';
import { compileService } from '../../lib/thrift/service-codec.js';
import { PROTOCOLS } from '../vectors/protocols.js';
import { codecError, structOf } from './harness.js';

const IDL = `
  struct Point { 1: required i32 x, 2: i32 y = 3 }
  union Shape { 1: i32 radius, 2: Point corner, 3: string label }
  struct S { 1: i32 n, 2: string s, 3: Point p, 4: Shape shape, 5: bool b, 6: list<i32> l, 7: map<string, i32> m, 8: i32 d = 9 }
`;
const NOTHING = {
  n: undefined,
  s: undefined,
  p: undefined,
  shape: undefined,
  b: undefined,
  l: undefined,
  m: undefined,
  d: 9,
};

/** Writes fields in the order given, whatever the IDL says of them. */
type Fields = readonly (readonly [type: number, id: number, write: (w: ThriftWriter) => void])[];
const struct = (w: ThriftWriter, fields: Fields): void => {
  w.writeStructBegin('');
  for (const [type, id, write] of fields) {
    w.writeFieldBegin('', type, id);
    write(w);
    w.writeFieldEnd();
  }
  w.writeFieldStop();
  w.writeStructEnd();
};
const i32 = (value: number) => (w: ThriftWriter) => w.writeI32(value);
const of =
  (...fields: Fields) =>
  (w: ThriftWriter) =>
    struct(w, fields);

/** Lists each fault, the fields, the leniently read value, and the reason of the strict refusal. */
const READ: readonly [name: string, fields: Fields, value: object, reason: string][] = [
  ['a field of another base type', [[TType.I64, 1, (w) => w.writeI64(5)]], {}, 'type-mismatch'],
  ['a bool for an i32, with more fields after the bool', [[TType.BOOL, 1, (w) => w.writeBool(true)], [TType.BOOL, 5, (w) => w.writeBool(false)]], { b: false }, 'type-mismatch'],
  ['an i32 for a bool', [[TType.I32, 5, i32(1)], [TType.I32, 1, i32(2)]], { n: 2 }, 'type-mismatch'],
  ['a struct for a string', [[TType.STRUCT, 2, of([TType.I32, 1, i32(1)])], [TType.I32, 1, i32(2)]], { n: 2 }, 'type-mismatch'],
  ['a list for a map', [[TType.LIST, 7, (w) => { w.writeListBegin(TType.I32, 1); w.writeI32(1); w.writeListEnd(); }], [TType.I32, 1, i32(2)]], { n: 2 }, 'type-mismatch'],
  ['another type for a field with a default', [[TType.STRING, 8, (w) => w.writeString('x')]], { d: 9 }, 'type-mismatch'],
  ['a repeated field', [[TType.I32, 1, i32(1)], [TType.I32, 1, i32(2)]], { n: 2 }, 'type-mismatch'],
  ['a repeated field whose second value has another type', [[TType.I32, 1, i32(1)], [TType.I64, 1, (w) => w.writeI64(2)]], { n: 1 }, 'type-mismatch'],
  ['a repeated struct, whose last occurrence counts', [[TType.STRUCT, 3, of([TType.I32, 1, i32(1)], [TType.I32, 2, i32(2)])], [TType.STRUCT, 3, of([TType.I32, 1, i32(5)])]], { p: { x: 5, y: 3 } }, 'type-mismatch'],
  ['a union without a member', [[TType.STRUCT, 4, of()]], { shape: {} }, 'type-mismatch'],
  ['a union with an unknown member', [[TType.STRUCT, 4, of([TType.I32, 9, i32(1)])]], { shape: {} }, 'type-mismatch'],
  ['a union with a member of another type', [[TType.STRUCT, 4, of([TType.STRING, 1, (w) => w.writeString('x')])]], { shape: {} }, 'type-mismatch'],
  ['a union with two members', [[TType.STRUCT, 4, of([TType.I32, 1, i32(1)], [TType.STRING, 3, (w) => w.writeString('x')])]], { shape: { label: 'x' } }, 'type-mismatch'],
]; // prettier-ignore

/** Lists each fault that stays refused, the fields, the reason and the path. */
const REFUSED: readonly [name: string, fields: Fields, reason: string, path: string][] = [
  ['a missing required field', [[TType.STRUCT, 3, of([TType.I32, 2, i32(1)])]], 'missing-required', 'p.x'],
  ['list elements of another type', [[TType.LIST, 6, (w) => { w.writeListBegin(TType.I64, 1); w.writeI64(1); w.writeListEnd(); }]], 'type-mismatch', 'l'],
  ['map values of another type', [[TType.MAP, 7, (w) => { w.writeMapBegin(TType.STRING, TType.I64, 1); w.writeString('k'); w.writeI64(1); w.writeMapEnd(); }]], 'type-mismatch', 'm'],
]; // prettier-ignore

describe.each(PROTOCOLS)('lenient reading in %s', (protocol) => {
  const strict = structOf(IDL, 'S', { protocol });
  const lenient = structOf(IDL, 'S', { protocol, lenient: true });
  const bytesOf = (fields: Fields): Buffer => writeBytes(protocol, (w) => struct(w, fields));

  it.each(READ)('lenient reading accepts %s, which strict reading refuses', (_name, fields, value, reason) => {
    const bytes = bytesOf(fields);
    expect(lenient.decode(bytes)).toEqual({ ...NOTHING, ...value });
    expect(codecError(() => strict.decode(bytes)).reason).toBe(reason);
  });

  it.each(REFUSED)('lenient and strict reading refuse %s', (_name, fields, reason, path) => {
    for (const codec of [strict, lenient]) {
      expect(codecError(() => codec.decode(bytesOf(fields)))).toMatchObject({ reason, path });
    }
  });

  it('lenient reading refuses a required field of another type', () => {
    const bytes = bytesOf([[TType.STRUCT, 3, of([TType.I64, 1, (w) => w.writeI64(1)])]]);
    expect(codecError(() => lenient.decode(bytes))).toMatchObject({ reason: 'missing-required', path: 'p.x' });
    expect(codecError(() => strict.decode(bytes))).toMatchObject({ reason: 'type-mismatch', path: 'p.x' });
  });

  it('lenient reading applies the limits to skipped fields', () => {
    const deep = bytesOf([[TType.STRUCT, 1, of([TType.STRUCT, 1, of([TType.STRUCT, 1, of()])])]]);
    expect(lenient.decode(deep, { limits: { depth: 4 } })).toEqual(NOTHING);
    expect(codecError(() => lenient.decode(deep, { limits: { depth: 3 } }))).toMatchObject({ limit: 'depth' });
    expect(codecError(() => lenient.decode(deep, { limits: { elements: 3 } }))).toMatchObject({ limit: 'elements' });
    expect(codecError(() => lenient.decode(deep.subarray(0, -2))).reason).toBe('truncated');
  });

  it('a lenient codec writes the same bytes as a strict codec', () => {
    const value = { n: 1, s: 'x', p: { x: 1 }, shape: { radius: 2 }, b: true };
    expect(lenient.hex(value)).toBe(strict.hex(value));
    expect(codecError(() => lenient.encode({ shape: {} })).reason).toBe('not-one-member');
  });
});

describe.each(['binary', 'compact'] as const)('text that is not UTF-8 in %s', (protocol) => {
  const codec = structOf('struct S { 1: string s }', 'S', { protocol, lenient: true });
  it.each([
    ['a short string', [0x61, 0xff, 0x62], 'a\ufffdb'],
    ['a long string', [...Buffer.from('x'.repeat(100)), 0xe2, 0x82], `${'x'.repeat(100)}\ufffd`],
  ])('lenient reading replaces invalid UTF-8 with U+FFFD: %s', (_name, bytes, text) => {
    const wire = structOf('struct S { 1: binary s }', 'S', { protocol }).encode({ s: Buffer.from(bytes) });
    expect(codec.decode(wire, { lenient: true })).toEqual({ s: text });
    expect(codecError(() => codec.decode(wire)).reason).toBe('invalid-utf8');
  });
});

describe.each(PROTOCOLS)('a lenient event codec in %s', (protocol) => {
  const service = findService(loadSchemaFromText('service S { oneway void run(1: i32 n) }'), 'S');
  const lenient = createEventCodec([service], { protocol, lenient: true });
  const strict = createEventCodec([service], { protocol });
  const call = lenient.encode({ method: 'run', args: { n: 5 } });

  it('a lenient event codec ignores bytes after the last call', () => {
    for (const tail of ['.\n', 'and more', '\u0000'.repeat(1000)]) {
      const body = Buffer.concat([call, call, Buffer.from(tail)]);
      expect(lenient.decode(body)).toMatchObject([{ args: { n: 5 } }, { args: { n: 5 } }]);
      expect(() => strict.decode(body)).toThrow(MalformedEventError);
    }
  });

  it('a lenient event codec refuses a truncated call', () => {
    expect(() => lenient.decode(Buffer.concat([call, call.subarray(0, -3)]))).toThrow('(in call 2 of the body)');
    expect(() => lenient.decode(call.subarray(0, -1))).toThrow(MalformedEventError);
  });

  it('a lenient event codec skips an argument of another type', () => {
    const other = findService(loadSchemaFromText('service S { oneway void run(1: string n) }'), 'S');
    const bytes = createEventCodec([other], { protocol }).encode({ method: 'run', args: { n: 'x' } });
    expect(lenient.decode(bytes)).toMatchObject([{ method: 'run', args: { n: undefined } }]);
    expect(() => strict.decode(bytes)).toThrow('type-mismatch: run.n: expected i32, found string or binary');
  });
});

it('caches the lenient codec of a service apart from the strict codec', () => {
  const service = findService(loadSchemaFromText('service S { oneway void run() }'), 'S');
  expect(compileService(service, 'compact', { lenient: true })).toBe(
    compileService(service, 'compact', { lenient: true }),
  );
  expect(compileService(service, 'compact', { lenient: true })).not.toBe(compileService(service, 'compact'));
});
