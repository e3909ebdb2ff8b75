import { describe, expect, it } from '@jest/globals';
import { resolveReadLimits } from '../../lib/thrift/limits.js';
import { createReader, writeBytes } from '../../lib/thrift/messages.js';
import { codecError, structOf } from './harness.js';

const chain = structOf('struct S { 1: S next, 2: list<S> many, 3: map<i8,S> named }');

/** `levels` structs, each the first field of the one around it. */
function nested(levels: number, open = '0c0001'): Buffer {
  return Buffer.from(open.repeat(levels - 1) + '00'.repeat(levels), 'hex');
}

describe('depth', () => {
  it('reads 64 levels of structs and refuses 65', () => {
    expect(chain.decode(nested(64))).toBeDefined();
    expect(codecError(() => chain.decode(nested(65)))).toMatchObject({
      reason: 'limit-exceeded',
      limit: 'depth',
      type: 6,
    });
  });

  it('counts a list or a map as a level of depth', () => {
    // Two levels a turn, struct and list; the last struct is a level of its own.
    const lists = (turns: number): Buffer => nested(turns + 1, '0f00020c00000001');
    expect(chain.decode(Buffer.concat([lists(31)]))).toBeDefined();
    expect(codecError(() => chain.decode(lists(32)))).toMatchObject({ limit: 'depth' });
    const maps = (turns: number): Buffer => nested(turns + 1, '0d0003030c0000000101');
    expect(chain.decode(maps(31))).toBeDefined();
    expect(codecError(() => chain.decode(maps(32)))).toMatchObject({ limit: 'depth' });
  });

  it.each([
    ['structs', '0c0063', '0c0063'],
    ['lists', '0f0063 0f00000001', '0f00000001'],
    ['maps', '0d0063 030d00000001 01', '030d00000001 01'],
  ])('counts the levels of skipped values: %s', (_name, first, again) => {
    // The outermost struct is level 1, the field level 2.
    const skipped = (levels: number): Buffer =>
      Buffer.from(`${first}${again.repeat(levels - 2)}${'00'.repeat(levels * 8)}`.replaceAll(' ', ''), 'hex');
    const limit = (levels: number): string | undefined => {
      try {
        chain.decode(skipped(levels));
      } catch (error) {
        return (error as { limit?: string }).limit;
      }
      return undefined;
    };
    expect(limit(63)).toBeUndefined();
    expect(limit(66)).toBe('depth');
  });

  it.each(['0c0001', '0f00020c00000001', '0c0063', '0d0003030c0000000101'])(
    'refuses 100 000 levels opened by %s',
    (open) => {
      expect(codecError(() => chain.decode(nested(100_000, open)))).toMatchObject({ limit: 'depth' });
    },
  );

  it('takes the maximum depth from the option limits.depth', () => {
    expect(codecError(() => chain.decode(nested(4), { limits: { depth: 3 } }))).toMatchObject({ limit: 'depth' });
    expect(chain.decode(nested(512), { limits: { depth: 512 } })).toBeDefined();
  });
});

describe('elements', () => {
  const codec = structOf(`
    struct Empty {}
    struct S { 1: list<i8> bytes, 2: list<Empty> structs, 3: map<i8,i8> pairs, 4: Empty one, 5: set<i8> unique, 6: list<list<i8>> lists }
  `);
  const list = (size: number, etype = '03', id = '0001'): Buffer =>
    Buffer.concat([
      Buffer.from(`0f${id}${etype}${size.toString(16).padStart(8, '0')}`, 'hex'),
      Buffer.alloc(size),
      Buffer.from('00', 'hex'),
    ]);

  it('reads 100 000 values and refuses one more', () => {
    // The outermost struct and the list count one each.
    expect(codec.decode(list(99_998))).toBeDefined();
    const error = codecError(() => codec.decode(list(99_999)));
    expect(error).toMatchObject({ reason: 'limit-exceeded', limit: 'elements', path: 'bytes', type: 3 });
  });

  /** Lists each value and its count of elements, the struct around it included. */
  const rows: readonly [name: string, value: object, count: number][] = [
    ['an empty struct', {}, 1],
    ['an empty list', { bytes: [] }, 2],
    ['a list of three', { bytes: [1, 2, 3] }, 5],
    ['a list of three structs', { structs: [{}, {}, {}] }, 5],
    ['a map of two', { pairs: { 1: 1, 2: 2 } }, 6],
    ['a struct in a struct', { one: {} }, 2],
    ['a set of two', { unique: [1, 2] }, 4],
    ['lists in a list', { lists: [[], [1]] }, 5],
  ];
  it.each(rows)('counts the values of %s, decoded or skipped', (_name, value, count) => {
    const bytes = codec.encode(value);
    expect(codec.decode(bytes, { limits: { elements: count } })).toBeDefined();
    if (count > 1)
      expect(codecError(() => codec.decode(bytes, { limits: { elements: count - 1 } }))).toMatchObject({
        limit: 'elements',
      });
    const skipping = structOf('struct S { 99: bool x }');
    expect(skipping.decode(bytes, { limits: { elements: count } })).toBeDefined();
    if (count > 1)
      expect(codecError(() => skipping.decode(bytes, { limits: { elements: count - 1 } }))).toMatchObject({
        limit: 'elements',
      });
  });

  it('counts values over all messages of a body', () => {
    const message = writeBytes('binary', (writer) => {
      writer.writeMessageBegin('m', 4, 0);
      writer.writeListBegin(3, 2);
      writer.writeByte(1);
      writer.writeByte(1);
    });
    const reader = createReader('binary', Buffer.concat([message, message]), { limits: { elements: 25 } });
    reader.readMessageBegin();
    expect(reader.readListBegin()).toEqual({ etype: 3, size: 2 });
    reader.skip(3);
    reader.skip(3);
    reader.readMessageBegin();
    expect(() => reader.readListBegin()).toThrow('more than 25 values');
  });

  it('refuses 786 000 empty structs within 4 MB of memory', () => {
    const wide = structOf(`
      struct Wide { ${Array.from({ length: 20 }, (_, i) => `${i + 1}: string f${i}`).join(', ')} }
      struct S { 2: list<Wide> structs }
    `);
    const body = list(786_000, '0c', '0002');
    const before = process.memoryUsage().heapUsed;
    expect(codecError(() => wide.decode(body))).toMatchObject({ limit: 'elements', path: 'structs' });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(4_000_000);
  });
});

describe('string bytes', () => {
  const codec = structOf('struct S { 1: string s, 2: binary b }');
  it.each(['s', 'b'])('refuses a value longer than stringBytes in the field %s', (field) => {
    const value = (size: number): object => ({ [field]: field === 's' ? 'x'.repeat(size) : Buffer.alloc(size) });
    const limits = { stringBytes: 1000 };
    expect(codec.decode(codec.encode(value(1000)), { limits })).toBeDefined();
    const error = codecError(() => codec.decode(codec.encode(value(1001)), { limits }));
    expect(error).toMatchObject({ reason: 'limit-exceeded', limit: 'stringBytes', path: field, type: 3 });
  });

  it('refuses a skipped string longer than stringBytes', () => {
    const bytes = codec.encode({ s: 'x'.repeat(11) });
    const other = structOf('struct S { 3: i8 n }');
    expect(codecError(() => other.decode(bytes, { limits: { stringBytes: 10 } }))).toMatchObject({
      limit: 'stringBytes',
    });
  });
});

describe('resolveReadLimits', () => {
  it('returns the default limits without options', () => {
    expect(resolveReadLimits()).toEqual({ depth: 64, elements: 100_000, stringBytes: 16 * 1024 * 1024 });
  });

  it.each([
    { depth: 0 },
    { depth: 513 },
    { elements: 1.5 },
    { elements: -1 },
    { stringBytes: NaN },
    { stringBytes: 2 ** 31 },
  ])('refuses the limits %j', (limits) => {
    expect(() => resolveReadLimits(limits)).toThrow(TypeError);
  });
});
