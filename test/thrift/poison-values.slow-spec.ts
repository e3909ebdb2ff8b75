import { describe, expect, it } from '@jest/globals';
import type { ProtocolName } from '../../lib/thrift/protocol.js';
import { seeded } from '../fuzz/random.js';
import { PROTOCOLS } from '../vectors/protocols.js';
import { codecError } from './harness.js';
import { argsOf, messageOf, methodOf, rawMessage, withParameter } from './poison-peers.js';

/**
 * Lists the bytes that open and close a level: a struct in field 1, a list in field 2, a map in
 * field 3, of structs all.
 */
const NESTING: Record<ProtocolName, Record<string, readonly [open: string, close: string, innermost: string]>> = {
  binary: {
    structs: ['0c0001', '00', '00'],
    lists: ['0f00020c00000001', '00', '00'],
    maps: ['0d0003030c0000000101', '00', '00'],
    'unknown structs': ['0c0063', '00', '00'],
  },
  compact: {
    structs: ['1c', '00', '00'],
    lists: ['291c', '00', '00'],
    maps: ['3b013c01', '00', '00'],
    'unknown structs': ['0cc601', '00', '00'],
  },
  json: {
    structs: ['{"1":{"rec":', '}}', '{}'],
    lists: ['{"2":{"lst":["rec",1,', ']}}', '{}'],
    maps: ['{"3":{"map":["i8","rec",1,{"1":', '}]}}', '{}'],
    'unknown structs': ['{"99":{"rec":', '}}', '{}'],
  },
};

/** Levels that one nesting makes: a container is a level of its own. */
const KINDS = ['structs', 'lists', 'maps', 'unknown structs'];

describe.each(PROTOCOLS)('poison values in %s', (protocol) => {
  const chain = methodOf(
    'struct T { 1: T next, 2: list<T> many, 3: map<i8,T> named } service S { oneway void f(1: T next, 2: list<T> many, 3: map<i8,T> named) }',
    protocol,
  );
  const nested = (kind: string, times: number): Buffer => {
    const [open, close, innermost] = NESTING[protocol][kind]!;
    return rawMessage(protocol, open.repeat(times) + innermost + close.repeat(times));
  };

  it.each(KINDS)('P10 reads 64 levels and refuses 65: %s', (kind) => {
    // The arguments are the first level. Only structs count.
    const most = 63;
    expect(argsOf(chain, protocol, nested(kind, most))).toBeDefined();
    expect(codecError(() => argsOf(chain, protocol, nested(kind, most + 1)))).toMatchObject({ limit: 'depth' });
  });

  it.each(KINDS.flatMap((kind) => [1_000, 100_000].map((times) => [times, kind] as const)))(
    'P10 refuses %d levels: %s',
    (times, kind) => {
      expect(codecError(() => argsOf(chain, protocol, nested(kind, times)))).toMatchObject({ limit: 'depth' });
    },
  );

  it.each([
    ['an overlong NUL', 'c080'],
    ['an overlong slash', 'e080af'],
    ['a high surrogate', 'eda080'],
    ['a surrogate pair', 'eda080edb080'],
    ['a code point past U+10FFFF', 'f4908080'],
    ['a truncated sequence', 'e282'],
    ['a lone continuation byte', '80'],
    ['a byte UTF-8 never has', 'ff'],
  ])('P13 refuses text that is not UTF-8: %s', (_name, hex) => {
    const method = methodOf(withParameter('string'), protocol);
    const marker = 'x'.repeat(hex.length / 2);
    const bytes = messageOf(protocol, (writer) => method.write(writer, { v: marker }));
    bytes.write(hex, bytes.lastIndexOf(marker), 'hex');
    expect(codecError(() => argsOf(method, protocol, bytes))).toMatchObject({ reason: 'invalid-utf8', path: 'f.v' });
  });

  it.each(['\ufffd', '\u{10ffff}', '\u0000', '\u2028'])('P13 reads back the UTF-8 text %j', (text) => {
    const method = methodOf(withParameter('string'), protocol);
    const bytes = messageOf(protocol, (writer) => method.write(writer, { v: text }));
    expect(argsOf(method, protocol, bytes)).toEqual({ v: text });
  });
});

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 5_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now()) >>> 0;
const random = seeded(SEED);
const i64 = (): bigint =>
  BigInt.asIntN(64, (BigInt(random.bits()) << 32n) | BigInt(random.bits())) >> BigInt(random.below(64));
const real = (): number => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(random.bits());
  bytes.writeUInt32BE(random.bits(), 4);
  // Exponents near the ends are subnormals, infinities and NaN.
  if (random.oneIn(4)) bytes.writeUInt16BE(random.pick([0, 0x8000, 0x7ff0, 0xfff0, 0x7ff8, 0x7fef, 0x0010]));
  if (random.oneIn(8)) bytes.fill(0, 2);
  return bytes.readDoubleBE();
};
const uuid = (): string =>
  [8, 4, 4, 4, 12]
    .map((digits) => Array.from({ length: digits }, () => random.below(16).toString(16)).join(''))
    .join('-');

const EDGES: readonly [type: string, edges: readonly unknown[], another: () => unknown][] = [
  ['bool', [true, false], () => random.oneIn(2)],
  ['i8', [-128, 127, 0, -1], () => (random.bits() << 24) >> 24],
  ['i16', [-32768, 32767, 0, -1], () => (random.bits() << 16) >> 16],
  ['i32', [-(2 ** 31), 2 ** 31 - 1, 0, -1], () => (random.bits() | 0) >> random.below(32)],
  ['i64', [-(2n ** 63n), 2n ** 63n - 1n, 0n, 2n ** 53n + 1n, -(2n ** 53n) - 1n], i64],
  ['double', [NaN, Infinity, -Infinity, -0, 0, 5e-324, 2 ** -29, 2 ** -31, 1.7976931348623157e308], real],
  [
    'uuid',
    [`${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`, `${'f'.repeat(8)}-ffff-ffff-ffff-${'f'.repeat(12)}`],
    uuid,
  ],
];

describe.each(PROTOCOLS)(`P14 extreme values in %s, seed ${SEED}`, (protocol) => {
  it.each(EDGES)('P14 reads back every bit of %s values', (type, edges, another) => {
    const method = methodOf(withParameter(`list<${type}>`), protocol);
    for (let done = 0; done < RUNS; done += 1000) {
      const values = [...edges, ...Array.from({ length: 1000 }, another)];
      const bytes = messageOf(protocol, (writer) => method.write(writer, { v: values }));
      const read = argsOf(method, protocol, bytes)['v'] as unknown[];
      // As by Object.is, which tells -0 from 0 and takes NaN for itself.
      const wrong = values.findIndex((value, i) => !Object.is(value, read[i]));
      expect([SEED, wrong < 0 ? undefined : [values[wrong], read[wrong]]]).toEqual([SEED, undefined]);
      expect(read).toHaveLength(values.length);
    }
  });
});

describe('P14 a uuid in JSON', () => {
  it.each([
    '',
    'x',
    '0011223344556677-8899aabbccddeeff',
    '{00112233-4455-6677-8899-aabbccddeeff}',
    '00112233-4455-6677-8899-aabbccddeefg',
  ])('P14 refuses the JSON uuid %j', (text) => {
    const bytes = rawMessage('json', `{"1":{"uid":${JSON.stringify(text)}}}`);
    expect(codecError(() => argsOf(methodOf(withParameter('uuid'), 'json'), 'json', bytes)).reason).toBe(
      'type-mismatch',
    );
  });
});

/** `doc/specs/thrift-compact-protocol.md`: 1 is true and 2 false; both stand for bool as an element type; old writers put 0 for false. */
const BOOLS: readonly [name: string, type: string, args: string, expected: unknown][] = [
  ['P19 a list of element type 1', 'list<bool>', '19 31 01 02 01 00', [true, false, true]],
  ['P19 a list of element type 2', 'list<bool>', '19 32 01 02 01 00', [true, false, true]],
  ['P19 a list with 0 for false', 'list<bool>', '19 31 01 00 01 00', [true, false, true]],
  [
    'P19 a long list',
    'list<bool>',
    `19 f2 10 ${'01 02 '.repeat(8)} 00`,
    Array.from({ length: 16 }, (_, i) => i % 2 === 0),
  ],
  ['P19 a set', 'set<bool>', '1a 22 01 02 00', new Set([true, false])],
  [
    'P19 a map of types 1 and 1',
    'map<bool,bool>',
    '1b 02 11 01 02 02 01 00',
    new Map([
      [true, false],
      [false, true],
    ]),
  ],
  [
    'P19 a map of types 2 and 2',
    'map<bool,bool>',
    '1b 02 22 01 02 02 01 00',
    new Map([
      [true, false],
      [false, true],
    ]),
  ],
  [
    'P19 a map with i8 keys',
    'map<i8,bool>',
    '1b 02 31 05 01 06 02 00',
    new Map([
      [5, true],
      [6, false],
    ]),
  ],
  ['P19 lists of lists', 'list<list<bool>>', '19 29 11 01 12 02 00', [[true], [false]]],
  ['P19 a field that is true', 'bool', '11 00', true],
  ['P19 a field that is false', 'bool', '12 00', false],
];

describe('P19 bools in compact', () => {
  it.each(BOOLS)('%s: decodes the bools of the compact encoding', (_row, type, args, expected) => {
    expect(argsOf(methodOf(withParameter(type), 'compact'), 'compact', rawMessage('compact', args))).toEqual({
      v: expected,
    });
  });
});
