import { describe, expect, it } from '@jest/globals';
import { loadSchemaFromText } from '../../lib/idl/load-schema.js';
import { findService } from '../../lib/idl/find-service.js';
import { ThriftWriteError } from '../../lib/thrift/errors.js';
import { writeBytes } from '../../lib/thrift/messages.js';
import { compileService } from '../../lib/thrift/service-codec.js';
import { codecError, structOf, written } from './harness.js';

const service = findService(
  loadSchemaFromText(`
    enum Color { RED = 1, GREEN = 2 }
    enum Many { A, B, C, D, E, F, G, H, I, J }
    struct File { 1: required string name, 2: i64 size, 3: bool hidden }
    union Target { 1: string bucket, 2: File file }
    struct Request {
      1: list<File> files, 2: map<string,File> byName, 3: Target target, 4: set<i8> small, 5: Color color, 6: Many many,
      7: i16 short, 8: i32 int, 9: double ratio, 10: binary token, 11: uuid id, 12: map<i32,string> labels, 13: bool flag,
      14: list<list<i32>> grid, 15: i8 tiny, 16: map<i64,bool> marks, 17: map<list<i8>,i8> odd, 18: string text, 19: map<bool,i8> bools
    }
    service Backup { oneway void startBackup(1: Request request, 2: Request other) }
  `),
  'Backup',
);
const method = compileService(service, 'binary').methods.get('startBackup')!;
const write = (args: unknown): string => written((writer) => method.write(writer, args));

/** The request, the reason, and the message with the path that all have in common cut off. */
const ROWS: readonly [request: unknown, reason: string, message: string][] = [
  ['text', 'wrong-type', ': expected Request (an object), got a string'],
  [[], 'wrong-type', ': expected Request (an object), got an array'],
  [new Map(), 'wrong-type', ': expected Request (an object), got a Map'],
  [Buffer.from('x'), 'wrong-type', ': expected Request (an object), got bytes'],
  [{ files: {} }, 'wrong-type', '.files: expected list (an array), got an object'],
  [{ files: new Set() }, 'wrong-type', '.files: expected list (an array), got a Set'],
  [{ files: [{ name: 'a' }, null] }, 'wrong-type', '.files[1]: expected File (an object), got null'],
  [{ files: [{ name: 'a' }, , { name: 'b' }] }, 'wrong-type', '.files[1]: expected File (an object), got undefined'], // prettier-ignore
  [{ files: [{ name: 'a' }, {}] }, 'missing-required', '.files[1].name: the required field (string) is missing'],
  [{ files: [{ name: null }] }, 'missing-required', '.files[0].name: the required field (string) is missing'],
  [{ files: [{ name: 5 }] }, 'wrong-type', '.files[0].name: expected string, got an integer'],
  [{ files: [{ name: 'a', size: 1.5 }] }, 'wrong-type', '.files[0].size: expected i64, got a fractional number'],
  [{ files: [{ name: 'a', size: NaN }] }, 'wrong-type', '.files[0].size: expected i64, got NaN'],
  [
    { files: [{ name: 'a', size: '12' }] },
    'wrong-type',
    '.files[0].size: expected i64 (bigint, integer or Int64), got a string',
  ],
  [
    { files: [{ name: 'a', size: {} }] },
    'wrong-type',
    '.files[0].size: expected i64 (bigint, integer or Int64), got an object',
  ],
  [
    { files: [{ name: 'a', size: { buffer: Buffer.alloc(8), offset: 1 } }] },
    'wrong-type',
    '.files[0].size: expected i64 (bigint, integer or Int64), got an object',
  ],
  [
    { files: [{ name: 'a', size: 2 ** 53 }] },
    'out-of-range',
    '.files[0].size: expected i64, got a number beyond 2^53 - 1; give it as a bigint',
  ],
  [{ files: [{ name: 'a', size: 2n ** 63n }] }, 'out-of-range', '.files[0].size: expected i64 (-2^63 to 2^63 - 1)'],
  [{ files: [{ name: 'a', hidden: 1 }] }, 'wrong-type', '.files[0].hidden: expected bool, got an integer'],
  [
    { byName: { secret: { name: 'a' }, other: 7 } },
    'wrong-type',
    '.byName[value 1]: expected File (an object), got an integer',
  ],
  [{ byName: new Map([[5, { name: 'a' }]]) }, 'wrong-type', '.byName[key 0]: expected string, got an integer'],
  [{ byName: [['a']] }, 'wrong-type', '.byName[0]: expected a pair (an array of key and value), got an array'],
  [{ byName: 'x' }, 'wrong-type', '.byName: expected map (a Map, an object or an array of pairs), got a string'],
  [{ target: {} }, 'not-one-member', '.target: the union Target needs exactly one member, got 0'],
  [
    { target: { bucket: 'a', file: { name: 'b' } } },
    'not-one-member',
    '.target: the union Target needs exactly one member, got 2',
  ],
  [{ target: { file: {} } }, 'missing-required', '.target.file.name: the required field (string) is missing'],
  [{ small: new Set([1, 128]) }, 'out-of-range', '.small[1]: expected i8 (-128 to 127)'],
  [{ small: 'x' }, 'wrong-type', '.small: expected set (a Set or an array), got a string'],
  [{ color: 'BLUE' }, 'wrong-type', '.color: expected a member of enum inline.Color: RED, GREEN'],
  [{ color: 'toString' }, 'wrong-type', '.color: expected a member of enum inline.Color: RED, GREEN'],
  [{ many: 'X' }, 'wrong-type', '.many: expected a member of enum inline.Many: A, B, C, D, E, F, G, H, …'],
  [
    { color: 1.5 },
    'wrong-type',
    ".color: expected enum inline.Color (an i32 or a member's name), got a fractional number",
  ],
  [{ short: 32768 }, 'out-of-range', '.short: expected i16 (-32768 to 32767)'],
  [{ short: '1' }, 'wrong-type', '.short: expected i16, got a string'],
  [{ tiny: -129 }, 'out-of-range', '.tiny: expected i8 (-128 to 127)'],
  [{ int: 2147483648 }, 'out-of-range', '.int: expected i32 (-2147483648 to 2147483647)'],
  [{ int: 5n }, 'wrong-type', '.int: expected i32, got a bigint'],
  [{ int: Infinity }, 'wrong-type', '.int: expected i32, got an infinite number'],
  [{ int: Symbol('x') }, 'wrong-type', '.int: expected i32, got a symbol'],
  [{ ratio: 1n }, 'wrong-type', '.ratio: expected double, got a bigint'],
  [{ token: 'text' }, 'wrong-type', '.token: expected binary (a Buffer or Uint8Array), got a string'],
  [{ token: [1, 2] }, 'wrong-type', '.token: expected binary (a Buffer or Uint8Array), got an array'],
  [
    { token: new DataView(new ArrayBuffer(2)) },
    'wrong-type',
    '.token: expected binary (a Buffer or Uint8Array), got an object',
  ],
  [{ id: 'no-uuid' }, 'wrong-type', '.id: expected uuid (8-4-4-4-12 hex digits), got another string'],
  [
    { id: '{00112233-4455-6677-8899-aabbccddeeff}' },
    'wrong-type',
    '.id: expected uuid (8-4-4-4-12 hex digits), got another string',
  ],
  [{ id: 7 }, 'wrong-type', '.id: expected uuid, got an integer'],
  [{ labels: { one: 'x' } }, 'wrong-type', ".labels[key 0]: expected i32, got another string as an object's key"],
  [{ labels: { '01': 'x' } }, 'wrong-type', ".labels[key 0]: expected i32, got another string as an object's key"],
  [{ labels: { 2147483648: 'x' } }, 'out-of-range', '.labels[key 0]: expected i32 (-2147483648 to 2147483647)'],
  [{ labels: { 1.5: 'x' } }, 'wrong-type', '.labels[key 0]: expected i32, got a fractional number'],
  [{ labels: { 1: 'x', 2: null } }, 'wrong-type', '.labels[value 1]: expected string, got null'],
  [{ marks: { '1e3': true } }, 'wrong-type', ".marks[key 0]: expected i64, got another string as an object's key"],
  [{ marks: { '9223372036854775808': true } }, 'out-of-range', '.marks[key 0]: expected i64 (-2^63 to 2^63 - 1)'],
  [{ bools: { yes: 1 } }, 'wrong-type', ".bools[key 0]: expected bool, got another string as an object's key"],
  [{ odd: { x: 1 } }, 'wrong-type', '.odd: keys of type list need a Map, got an object'],
  [{ grid: [[1], [2, 'x']] }, 'wrong-type', '.grid[1][1]: expected i32, got a string'],
  [{ grid: [[1], 2] }, 'wrong-type', '.grid[1]: expected list (an array), got an integer'],
  [{ flag: new Date(0) }, 'wrong-type', '.flag: expected bool, got a Date'],
  [{ flag: () => true }, 'wrong-type', '.flag: expected bool, got a function'],
  [{ text: 'a\ud800b' }, 'invalid-text', '.text: a string with a lone surrogate is not UTF-8 text'],
  [{ text: `${'ä'.repeat(50)}\udc00` }, 'invalid-text', '.text: a string with a lone surrogate is not UTF-8 text'],
];

describe('refused values', () => {
  it.each(ROWS)('%#: refuses the request %j', (request, reason, message) => {
    const error = codecError(() => write({ request }));
    expect(error).toBeInstanceOf(ThriftWriteError);
    expect(error).toMatchObject({ reason, code: 'ERR_THRIFT_WRITE', name: 'ThriftWriteError' });
    expect(error.message).toBe(`startBackup.request${message}`);
    expect(error.path).toBe(`startBackup.request${message.slice(0, message.indexOf(':'))}`);
    expect(error.stack!.split('\n')[0]).toBe(`ThriftWriteError: ${error.message}`);
    // The writer is whole again.
    expect(write({ request: { int: 1 } })).toBe('0c00010800080000000100' + '00');
  });

  it('names the expected type of arguments that are not an object', () => {
    expect(codecError(() => write('text')).message).toBe(
      'startBackup: expected startBackup_args (an object), got a string',
    );
  });

  it('refuses an object that contains itself', () => {
    const codec = structOf('struct S { 1: S next, 2: list<S> many }');
    const self: Record<string, unknown> = {};
    self['next'] = self;
    expect(codecError(() => codec.encode(self))).toMatchObject({
      reason: 'limit-exceeded',
      path: Array.from({ length: 64 }, () => 'next').join('.'),
    });
    const many: unknown[] = [];
    many.push({ many });
    expect(codecError(() => codec.encode({ many })).reason).toBe('limit-exceeded');
  });

  it('rethrows an error of a getter unchanged', () => {
    const own = new RangeError('mine');
    const request = {
      get int(): number {
        throw own;
      },
    };
    expect(() => write({ request })).toThrow(own);
    expect(own.message).toBe('mine');
  });

  it('reports a collection that a getter changes during the write', () => {
    const codec = structOf('struct P { 1: i32 x } struct S { 1: set<P> s, 2: map<i8,P> m, 3: list<P> l }');
    const growing = new Set<object>();
    growing.add({
      get x(): number {
        if (growing.size < 3) growing.add({ x: 2 });
        return 1;
      },
    });
    expect(codecError(() => codec.encode({ s: growing })).detail).toBe('the collection changed while it was written');
    const shrinking = new Map<number, object>();
    shrinking.set(1, {
      get x(): number {
        shrinking.delete(2);
        return 1;
      },
    });
    shrinking.set(2, {});
    expect(codecError(() => codec.encode({ m: shrinking })).detail).toBe('the collection changed while it was written');
  });

  it('encodes a message correctly while a getter encodes another message', () => {
    const codec = structOf('struct S { 1: i32 a, 2: string b, 3: i32 c }');
    const value = {
      a: 1,
      get b(): string {
        return writeBytes('binary', (writer) => writer.writeString('x'.repeat(100_000))).length.toString();
      },
      c: 3,
    };
    expect(codec.decode(codec.encode(value))).toEqual({ a: 1, b: '100004', c: 3 });
  });
});
