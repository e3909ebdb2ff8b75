import { describe, expect, it } from '@jest/globals';
import type { ProtocolName } from '../../lib/thrift/protocol.js';
import { TType } from '../../lib/thrift/protocol.js';
import { PROTOCOLS } from '../vectors/protocols.js';
import { LARGEST_LIMITS } from '../../lib/thrift/limits.js';
import { codecError } from './harness.js';
import { argsOf, messageOf, methodOf, rawMessage, withParameter } from './poison-peers.js';

/**
 * Lists the declaration of an older or newer sender, its value, the declaration of the reader, and
 * the value that is read.
 */
interface Mismatch {
  readonly row: string;
  readonly sender: string;
  readonly sent: unknown;
  readonly reader: string;
  readonly reason: string;
}

const INNER = 'struct In { 1: i32 a, 2: string b } struct Need { 1: required i32 a, 2: required string b }';

const MISMATCHES: readonly Mismatch[] = [
  { row: 'P6 i64 for i32', sender: 'i64', sent: 1n, reader: 'i32', reason: 'type-mismatch' },
  { row: 'P6 i32 for bool', sender: 'i32', sent: 1, reader: 'bool', reason: 'type-mismatch' },
  { row: 'P6 bool for i8', sender: 'bool', sent: true, reader: 'i8', reason: 'type-mismatch' },
  { row: 'P6 double for i64', sender: 'double', sent: 1, reader: 'i64', reason: 'type-mismatch' },
  { row: 'P6 string for i16', sender: 'string', sent: 'x', reader: 'i16', reason: 'type-mismatch' },
  {
    row: 'P6 uuid for string',
    sender: 'uuid',
    sent: `${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`,
    reader: 'string',
    reason: 'type-mismatch',
  },
  { row: 'P6 struct for list', sender: 'In', sent: { a: 1 }, reader: 'list<i32>', reason: 'type-mismatch' },
  { row: 'P6 list for set', sender: 'list<i32>', sent: [1], reader: 'set<i32>', reason: 'type-mismatch' },
  { row: 'P6 map for struct', sender: 'map<i32,i32>', sent: new Map([[1, 1]]), reader: 'In', reason: 'type-mismatch' },
  {
    row: 'P6 list elements of another type',
    sender: 'list<i64>',
    sent: [1n],
    reader: 'list<i32>',
    reason: 'type-mismatch',
  },
  {
    row: 'P6 set elements of another type',
    sender: 'set<string>',
    sent: new Set(['1']),
    reader: 'set<i32>',
    reason: 'type-mismatch',
  },
  {
    row: 'P6 map keys of another type',
    sender: 'map<i64,i32>',
    sent: new Map([[1n, 1]]),
    reader: 'map<string,i32>',
    reason: 'type-mismatch',
  },
  {
    row: 'P6 map values of another type',
    sender: 'map<i32,string>',
    sent: new Map([[1, 'x']]),
    reader: 'map<i32,In>',
    reason: 'type-mismatch',
  },
  {
    row: 'P6 nested list elements of another type',
    sender: 'list<list<bool>>',
    sent: [[true]],
    reader: 'list<list<i8>>',
    reason: 'type-mismatch',
  },
  { row: 'P6 a struct field of another type', sender: 'Out', sent: { a: 1n }, reader: 'In', reason: 'type-mismatch' },
  {
    row: 'P7 the first required field missing',
    sender: 'In',
    sent: { b: 'x' },
    reader: 'Need',
    reason: 'missing-required',
  },
  {
    row: 'P7 the second required field missing',
    sender: 'In',
    sent: { a: 1 },
    reader: 'Need',
    reason: 'missing-required',
  },
  { row: 'P7 all required fields missing', sender: 'In', sent: {}, reader: 'Need', reason: 'missing-required' },
  {
    row: 'P7 required fields missing in a list element',
    sender: 'list<In>',
    sent: [{ a: 1, b: 'x' }, {}],
    reader: 'list<Need>',
    reason: 'missing-required',
  },
];

/** Values of every type, as fields that the reader does not know. */
const UNKNOWN: readonly [type: string, value: unknown][] = [
  ['bool', false],
  ['i8', 1],
  ['i64', -(2n ** 63n)],
  ['double', NaN],
  ['string', 'x'],
  ['binary', Buffer.from([0xff, 0xfe])],
  ['uuid', '00112233-4455-6677-8899-aabbccddeeff'],
  ['In', { a: 1, b: 'y' }],
  ['list<bool>', [true, false]],
  ['set<string>', new Set(['a'])],
  ['map<bool,In>', new Map([[true, { a: 1 }]])],
  ['map<i32,list<map<string,bool>>>', new Map([[1, [new Map([['k', true]])]]])],
];

describe.each(PROTOCOLS)('poison messages in %s', (protocol) => {
  const declarations = `${INNER} struct Out { 1: i64 a }`;

  it.each(MISMATCHES.map((one) => [one.row, one] as const))(
    '%s: refuses the argument with a reason and its path',
    (_row, { sender, sent, reader, reason }) => {
      const from = methodOf(withParameter(sender, declarations), protocol);
      const to = methodOf(withParameter(reader, declarations), protocol);
      const bytes = messageOf(protocol, (writer) => from.write(writer, { v: sent }));
      const error = codecError(() => argsOf(to, protocol, bytes));
      expect([error.reason, error.path.startsWith('f.v')]).toEqual([reason, true]);
    },
  );

  it.each(UNKNOWN)('P6 skips an unknown field: %s', (type, value) => {
    const known = 'service S { oneway void f(1: i32 first, 9: i32 last) }';
    const more = `${INNER} service S { oneway void f(1: i32 first, 5: ${type} other, 9: i32 last) }`;
    const bytes = messageOf(protocol, (writer) =>
      methodOf(more, protocol).write(writer, { first: 1, other: value, last: 9 }),
    );
    expect(argsOf(methodOf(known, protocol), protocol, bytes)).toEqual({ first: 1, last: 9 });
  });

  it('P6 refuses a repeated field', () => {
    const method = methodOf(withParameter('i32'), protocol);
    const fields = (times: number): Buffer =>
      messageOf(protocol, (writer) => {
        writer.writeStructBegin('f_args');
        for (let i = 0; i < times; i++) {
          writer.writeFieldBegin('v', TType.I32, 1);
          writer.writeI32(i);
          writer.writeFieldEnd();
        }
        writer.writeFieldStop();
        writer.writeStructEnd();
      });
    expect(argsOf(method, protocol, fields(1))).toEqual({ v: 0 });
    expect(codecError(() => argsOf(method, protocol, fields(2))).reason).toBe('type-mismatch');
  });

  it('P9 refuses 786 000 empty structs of 20 fields within 30 MB of memory', () => {
    const fields = Array.from({ length: 20 }, (_, i) => `${i + 1}: string f${i}`).join(', ');
    const method = methodOf(withParameter('list<Wide>', `struct Wide { ${fields} }`), protocol);
    const wide = {};
    const bytes = messageOf(protocol, (writer) => {
      writer.obey(LARGEST_LIMITS);
      method.write(writer, { v: Array<object>(786_000).fill(wide) });
    });
    const before = process.memoryUsage().heapUsed;
    expect(codecError(() => argsOf(method, protocol, bytes))).toMatchObject({ limit: 'elements', path: 'f.v' });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(30_000_000);
  });

  it('P12 reads hostile map keys back as plain keys', () => {
    const method = methodOf(withParameter('map<string,map<string,i32>>'), protocol);
    const keys = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'x', ''];
    const hostile = new Map(keys.map((key) => [key, new Map(keys.map((inner, i) => [inner, i]))]));
    const bytes = messageOf(protocol, (writer) => method.write(writer, { v: hostile }));
    for (let i = 0; i < 1000; i++) {
      const args = argsOf(method, protocol, bytes);
      expect(args['v']).toEqual(hostile);
      if (i === 0) expect(messageOf(protocol, (writer) => method.write(writer, args)).equals(bytes)).toBe(true);
    }
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});

/** Declared sizes by protocol: the arguments on the wire, and the reason they are refused for. */
const SIZES: readonly [row: string, protocol: ProtocolName, type: string, args: string, reason: string][] = [
  ['P8 a list of 2^31 - 1', 'binary', 'list<i32>', '0f 0001 08 7fffffff 00000001 00', 'truncated'],
  ['P8 a list of -1', 'binary', 'list<i32>', '0f 0001 08 ffffffff 00', 'limit-exceeded'],
  ['P8 a map of 2^31 - 1', 'binary', 'map<i32,i32>', '0d 0001 08 08 7fffffff 00', 'truncated'],
  ['P8 a map of -2^31', 'binary', 'map<i32,i32>', '0d 0001 08 08 80000000 00', 'limit-exceeded'],
  ['P8 a set of 2^31 - 1', 'binary', 'set<bool>', '0e 0001 02 7fffffff 01 00', 'truncated'],
  ['P8 a string of 2^31 - 1', 'binary', 'string', '0b 0001 7fffffff 61 00', 'limit-exceeded'],
  ['P8 a string of 16 MiB', 'binary', 'string', '0b 0001 01000000 61 00', 'truncated'],
  ['P8 a binary of -1', 'binary', 'binary', '0b 0001 ffffffff 61 00', 'limit-exceeded'],
  ['P8 a list of 2^31 - 1', 'compact', 'list<i32>', '19 f5 ffffffff07 02 00', 'truncated'],
  ['P8 a list of 2^32 - 1', 'compact', 'list<i32>', '19 f5 ffffffff0f 02 00', 'limit-exceeded'],
  ['P8 a map of 2^31 - 1', 'compact', 'map<i32,i32>', '1b ffffffff07 55 02 00', 'truncated'],
  ['P8 a string of 2^31 - 1', 'compact', 'string', '18 ffffffff07 61 00', 'limit-exceeded'],
  ['P8 a list with a size of ten bytes', 'compact', 'list<i32>', '19 f5 ffffffffffffffffff01 02 00', 'type-mismatch'],
  ['P8 a string with a size of ten bytes', 'compact', 'string', '18 ffffffffffffffffff01 02 00', 'type-mismatch'],
  ['P8 an i32 of ten bytes', 'compact', 'i32', '15 ffffffffffffffffff01 00', 'type-mismatch'],
  ['P8 an i64 of eleven bytes', 'compact', 'i64', '16 ffffffffffffffffffff01 00', 'type-mismatch'],
  ['P8 a varint without an end', 'compact', 'i64', '16 ffffffff', 'truncated'],
  ['P8 a list of 2^31 - 1', 'json', 'list<i32>', '{"1":{"lst":["i32",2147483647,1]}}', 'truncated'],
  ['P8 a list of 2^40', 'json', 'list<i32>', '{"1":{"lst":["i32",1099511627776,1]}}', 'type-mismatch'],
  ['P8 a list of -1', 'json', 'list<i32>', '{"1":{"lst":["i32",-1]}}', 'limit-exceeded'],
  ['P8 a map of 2^31 - 1', 'json', 'map<i32,i32>', '{"1":{"map":["i32","i32",2147483647,{"1":1}]}}', 'truncated'],
  ['P8 a list shorter than its declared size', 'json', 'list<i32>', '{"1":{"lst":["i32",2,1]}}', 'type-mismatch'],
  ['P8 a list longer than its declared size', 'json', 'list<i32>', '{"1":{"lst":["i32",1,1,2]}}', 'type-mismatch'],
  ['P8 an unknown list of 2 000 000 000 bools', 'json', 'i32', '{"9":{"lst":["tf",2000000000,1]}}', 'truncated'],
];

describe('declared sizes', () => {
  it.each(SIZES)('%s, %s, %s: refuses the message within 4 MB of memory', (_row, protocol, type, args, reason) => {
    const method = methodOf(withParameter(type), protocol);
    const bytes = rawMessage(protocol, args);
    const before = process.memoryUsage();
    expect(codecError(() => argsOf(method, protocol, bytes)).reason).toBe(reason);
    const after = process.memoryUsage();
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(4_000_000);
  });
});
