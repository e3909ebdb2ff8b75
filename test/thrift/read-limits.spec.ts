import { describe, expect, it } from '@jest/globals';
import { resolveLimits } from '../../lib/thrift/limits.js';
import { createReader, writeBytes } from '../../lib/thrift/messages.js';
import { codecError, COSTS, COSTS_IDL, structOf } from './harness.js';

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

  it.each(['0f00020c00000001', '0d0003030c0000000101'])('counts structs only, as Apache does: %s', (open) => {
    expect(chain.decode(nested(64, open))).toBeDefined();
    expect(codecError(() => chain.decode(nested(65, open)))).toMatchObject({ limit: 'depth' });
  });

  it.each<[name: string, most: number, skipped: (levels: number) => string]>([
    ['structs', 63, (levels) => '0c0063'.repeat(levels) + '00'.repeat(levels)],
    ['lists', 512, (levels) => `0f0063${'0f00000001'.repeat(levels - 1)}0300000000`],
    ['maps', 512, (levels) => `0d0063${'030d0000000101'.repeat(levels - 1)}030300000000`],
  ])('limits the levels of skipped %s to %d', (_name, most, skipped) => {
    const bytes = (levels: number): Buffer => Buffer.from(`${skipped(levels)}00`, 'hex');
    expect(chain.decode(bytes(most))).toBeDefined();
    expect(codecError(() => chain.decode(bytes(most + 1)))).toMatchObject({ limit: 'depth' });
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
  const codec = structOf(COSTS_IDL);
  const list = (size: number, etype = '03', id = '0001'): Buffer =>
    Buffer.concat([
      Buffer.from(`0f${id}${etype}${size.toString(16).padStart(8, '0')}`, 'hex'),
      Buffer.alloc(size),
      Buffer.from('00', 'hex'),
    ]);

  it('reads 1 048 576 elements and refuses one more', () => {
    // The struct of six fields counts 3, and the list 8.
    expect(codec.decode(list(1_048_565))).toBeDefined();
    const error = codecError(() => codec.decode(list(1_048_566)));
    expect(error).toMatchObject({ reason: 'limit-exceeded', limit: 'elements', path: 'bytes', type: 3 });
    expect(error.message).toBe(
      'bytes: a container of 1048566 elements costs 1048574 elements, and 1048573 of 1048576 are left for the body (limits.elements)',
    );
  });

  const skipping = structOf('struct S { 99: bool x }');
  it.each(COSTS)('counts the elements of %s, decoded or skipped', (_name, value, cost, skipped) => {
    const bytes = codec.encode(value);
    expect(codec.decode(bytes, { limits: { elements: cost } })).toBeDefined();
    expect(skipping.decode(bytes, { limits: { elements: skipped } })).toBeDefined();
    expect(codecError(() => codec.decode(bytes, { limits: { elements: cost - 1 } }))).toMatchObject({
      limit: 'elements',
    });
    if (skipped > 1)
      expect(codecError(() => skipping.decode(bytes, { limits: { elements: skipped - 1 } }))).toMatchObject({
        limit: 'elements',
      });
  });

  const fields = (count: number, text: string): string =>
    Array.from({ length: count }, (_, i) => `${i + 1}: ${text.replace('%', `f${i}`)}`).join(', ');
  it.each<[members: string, cost: number]>([
    [fields(1, 'i32 %'), 1],
    [fields(5, 'i32 %'), 3],
    [fields(20, 'string % = "x"'), 9],
    [fields(20, 'i32 % = 7'), 9],
    [fields(20, 'double % = 0.5'), 29],
    [fields(20, 'required double % = 0.5'), 9],
    [fields(20, 'i64 % = 7'), 29],
    [fields(70, 'i32 %'), 29],
    [fields(100, 'i32 %'), 58],
  ])('counts what an object of the fields takes: %s', (members, cost) => {
    const one = structOf(`struct S { ${members} }`);
    const names = Array.from({ length: 20 }, (_, i) => `f${i}`);
    const bytes = one.encode(members.includes('required') ? Object.fromEntries(names.map((f) => [f, 1.5])) : {});
    expect(one.decode(bytes, { limits: { elements: cost } })).toBeDefined();
    if (cost > 1)
      expect(codecError(() => one.decode(bytes, { limits: { elements: cost - 1 } }))).toMatchObject({
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
    const reader = createReader('binary', Buffer.concat([message, message]), { limits: { elements: 39 } });
    reader.readMessageBegin();
    expect(reader.readListBegin()).toEqual({ etype: 3, size: 2 });
    reader.skip(3);
    reader.skip(3);
    reader.readMessageBegin();
    expect(() => reader.readListBegin()).toThrow('and 9 of 39 are left for the body');
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

describe('resolveLimits', () => {
  it('returns the default limits without options', () => {
    expect(resolveLimits()).toEqual({ depth: 64, elements: 1_048_576, stringBytes: 16 * 1024 * 1024, calls: 10_000 });
  });

  it.each([
    { depth: 0 },
    { depth: 513 },
    { elements: 1.5 },
    { elements: -1 },
    { stringBytes: NaN },
    { stringBytes: 2 ** 31 },
  ])('refuses the limits %j', (limits) => {
    expect(() => resolveLimits(limits)).toThrow(TypeError);
  });
});
