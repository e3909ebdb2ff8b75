import { describe, expect, it } from '@jest/globals';
import { codecError, COSTS, COSTS_IDL, structOf } from '../harness.js';

const options = { protocol: 'compact' } as const;
const chain = structOf('struct S { 1: S next, 2: list<S> many, 3: map<i8,S> named }', 'S', options);

/** `levels` structs, each the first field of the one around it. */
function nested(levels: number, open = '1c'): Buffer {
  return Buffer.from(open.repeat(levels - 1) + '00'.repeat(levels), 'hex');
}

describe('depth in compact', () => {
  it.each([
    ['structs', '1c'],
    ['lists', '291c'],
    ['maps', '3b013c01'],
    ['unknown structs', 'fc'],
    ['unknown lists', 'f91c'],
    ['unknown maps', 'fb013c01'],
  ])('reads 64 structs in %s and refuses more', (_name, open) => {
    expect(chain.decode(nested(64, open))).toBeDefined();
    expect(codecError(() => chain.decode(nested(65, open)))).toMatchObject({ limit: 'depth', type: 6 });
    expect(codecError(() => chain.decode(nested(100_000, open)))).toMatchObject({ limit: 'depth' });
  });
});

describe('elements in compact', () => {
  const codec = structOf(COSTS_IDL, 'S', options);
  const other = structOf('struct S { 99: bool x }', 'S', options);

  it.each(COSTS.filter(([, , , skipped]) => skipped > 1))('counts the elements of %s, decoded or skipped', (...row) => {
    const [, value, cost, skipped] = row;
    const bytes = codec.encode(value);
    for (const [reader, elements] of [
      [codec, cost],
      [other, skipped],
    ] as const) {
      expect(reader.decode(bytes, { limits: { elements } })).toBeDefined();
      const error = codecError(() => reader.decode(bytes, { limits: { elements: elements - 1 } }));
      expect(error).toMatchObject({ reason: 'limit-exceeded', limit: 'elements' });
    }
  });

  it('refuses 786 000 empty structs within 4 MB of memory', () => {
    const wide = structOf(
      `struct Wide { ${Array.from({ length: 20 }, (_, i) => `${i + 1}: string f${i}`).join(', ')} }
       struct S { 1: list<Wide> structs }`,
      'S',
      options,
    );
    const body = Buffer.concat([Buffer.from('19fcd0fc2f', 'hex'), Buffer.alloc(786_001)]);
    const before = process.memoryUsage().heapUsed;
    expect(codecError(() => wide.decode(body))).toMatchObject({ limit: 'elements', path: 'structs' });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(4_000_000);
  });
});

it.each(['string', 'binary'])('limits the bytes of a %s in compact, decoded or skipped', (type) => {
  const codec = structOf(`struct S { 1: ${type} v }`, 'S', options);
  const other = structOf('struct S { 3: i8 n }', 'S', options);
  const value = (size: number): object => ({ v: type === 'string' ? 'x'.repeat(size) : Buffer.alloc(size) });
  const limits = { stringBytes: 1000 };
  expect(codec.decode(codec.encode(value(1000)), { limits })).toBeDefined();
  for (const reader of [codec, other]) {
    const error = codecError(() => reader.decode(codec.encode(value(1001)), { limits }));
    expect(error).toMatchObject({ reason: 'limit-exceeded', limit: 'stringBytes' });
  }
});

describe("the option i64: 'number' in compact", () => {
  const codec = structOf('struct S { 1: i64 v }', 'S', { ...options, i64: 'number' });
  it.each([0, 1, -1, 2 ** 31, -(2 ** 31) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])(
    'decodes the i64 %d as a number',
    (v) => {
      expect(codec.decode(codec.encode({ v }))).toEqual({ v });
    },
  );
  it.each([2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n])('refuses to decode the i64 %s as a number', (v) => {
    expect(codecError(() => codec.decode(codec.encode({ v })))).toMatchObject({ limit: 'i64', path: 'v' });
  });
});
