import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ThriftCodecError } from '#lib/thrift/errors.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import type { Schema } from '#lib/idl/schema.js';
import { DEFAULT_LIMITS, LARGEST_LIMITS, type ThriftLimits } from '#lib/thrift/limits.js';
import { createReader, writeCosted } from '#lib/thrift/messages.js';
import type { ProtocolName, ThriftWriter } from '#lib/thrift/protocol.js';
import { compileStructs, PROTOCOLS } from './harness.js';
import { randomSchemas } from './random-schema.js';

/** Cases of each property. `LIMIT_CASES=100000` searches for longer. */
const CASES = Number(process.env['LIMIT_CASES'] ?? 1_000);

interface Outcome {
  readonly limit: string | undefined;
  readonly cost: number;
}

const limitOf = (error: unknown): string => (error as { readonly limit?: string }).limit ?? String(error);

/** Writes and reads a value of the struct `x.S`, each with its own limits. */
class BothWays {
  private readonly codec;

  constructor(
    private readonly protocol: ProtocolName,
    schema: Schema,
    i64: 'bigint' | 'number' = 'bigint',
  ) {
    this.codec = compileStructs(schema, protocol, { i64 }).get('x.S')!;
  }

  write(value: unknown, limits: ThriftLimits): Outcome & { readonly bytes?: Buffer } {
    let written: ThriftWriter | undefined;
    try {
      const { bytes, cost } = writeCosted(this.protocol, (writer) => {
        written = writer;
        writer.obey(limits);
        this.codec.write(writer, value);
      });
      return { limit: undefined, cost, bytes };
    } catch (error) {
      return { limit: limitOf(error), cost: written!.cost };
    }
  }

  read(bytes: Buffer, limits: ThriftLimits): Outcome {
    const reader = createReader(this.protocol, bytes, { limits }) as ReturnType<typeof createReader> & {
      readonly budget: number;
    };
    try {
      this.codec.read(reader);
      return { limit: undefined, cost: limits.elements - reader.budget };
    } catch (error) {
      return { limit: limitOf(error as ThriftCodecError), cost: limits.elements - reader.budget };
    }
  }

  /** Checks that both directions agree about a value. */
  check(value: unknown, limits: ThriftLimits): void {
    const { bytes, cost } = this.write(value, LARGEST_LIMITS);
    const read = this.read(bytes!, LARGEST_LIMITS);
    expect(read).toEqual({ limit: undefined, cost });
    // One below and one above what the value needs, and the given limits.
    for (const some of [limits, { ...limits, elements: cost }, { ...limits, elements: Math.max(1, cost - 1) }]) {
      const [written, reading] = [this.write(value, some), this.read(bytes!, some)];
      expect([some, written.limit === undefined]).toEqual([some, reading.limit === undefined]);
    }
  }
}

const limits = fc.record({
  depth: fc.integer({ min: 1, max: 6 }),
  elements: fc.integer({ min: 1, max: 200 }),
  stringBytes: fc.integer({ min: 1, max: 60 }),
  calls: fc.constant(1),
});

describe.each(PROTOCOLS)('limits in both directions in %s', (protocol) => {
  it('are the same for every value of random structs', () => {
    fc.assert(
      fc.property(randomSchemas(), limits, ({ schema, value }, some) => {
        new BothWays(protocol, schema).check(value, some);
      }),
      { numRuns: CASES },
    );
  }, 3_600_000);

  it('are the same for structs whose defaults are made where fields are absent', () => {
    const schema = loadSchemaFromText(
      `enum Color { RED = 1, BLUE = 2 }
       struct Point { 1: i32 x = 1, 2: list<i32> trail = [1, 2, 3] }
       struct D {
         1: set<i64> ids = [1, 2, 3, 4], 2: map<string, Point> points = { "a": {}, "b": { "x": 5 } },
         3: binary bytes = "0123456789012345678901234567890123456789", 4: Point point = {}, 5: string text = "shared",
         6: list<set<string>> sets = [["a"], []], 7: required list<i8> wanted = [1, 2]
       }
       struct S { 1: D d = {}, 2: list<D> many, 3: map<i16, D> by, 4: S next, 5: set<Color> colors = [1, 2] }`,
      { fileName: 'x.thrift' },
    );
    const all = (of: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
      fc.record(of, { requiredKeys: [] });
    const point = all({ x: fc.integer(), trail: fc.array(fc.integer(), { maxLength: 3 }) });
    const d = all({
      ids: fc.array(fc.bigInt({ min: 0n, max: 5n }), { maxLength: 5 }),
      points: fc.dictionary(fc.constantFrom('a', 'b'), point),
      bytes: fc.uint8Array({ maxLength: 50 }),
      point,
      sets: fc.array(fc.array(fc.constantFrom('a', 'b', 'c')), { maxLength: 3 }),
      wanted: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }),
    });
    const { s } = fc.letrec((tie) => ({
      s: fc.record(
        {
          d,
          many: fc.array(d, { maxLength: 3 }),
          by: fc
            .uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 3 })
            .chain((keys) =>
              fc.tuple(...keys.map(() => d)).map((values) => new Map(keys.map((key, i) => [key, values[i]]))),
            ),
          next: fc.option(tie('s'), { depthSize: 'small', nil: undefined }),
          colors: fc.subarray(['RED', 'BLUE']),
        },
        { requiredKeys: [] },
      ),
    }));
    fc.assert(
      fc.property(s, limits, (value, some) => new BothWays(protocol, schema).check(value, some)),
      { numRuns: CASES },
    );
  }, 3_600_000);

  it.each<[name: string, type: string, make: (count: number) => unknown]>([
    ['65 536 distinct i16', 'set<i16>', () => Array.from({ length: 65_536 }, (_, i) => i - 32_768)],
    ['100 000 i64 in a row', 'set<i64>', () => Array.from({ length: 100_000 }, (_, i) => BigInt(i))],
    ['10 000 doubles', 'set<double>', () => Array.from({ length: 10_000 }, (_, i) => i / 100)],
    [
      '100 000 i32 as keys',
      'map<i32, bool>',
      () => new Map(Array.from({ length: 100_000 }, (_, i) => [i * 1_000, true])),
    ],
    [
      '50 000 snowflake ids',
      'set<i64>',
      () => Array.from({ length: 50_000 }, (_, i) => BigInt(1_700_000_000_000 + i) << 22n),
    ],
    ['5 000 enum values', 'set<E>', () => Array.from({ length: 5_000 }, (_, i) => i)],
    ['200 000 numbers', 'list<i32>', () => Array<number>(200_000).fill(7)],
  ])('let pass %s', (_name, type, make) => {
    const schema = loadSchemaFromText(`enum E { A = 1 } struct S { 1: ${type} v }`, { fileName: 'x.thrift' });
    const isLarge = type === 'set<i64>' && (make(0) as bigint[]).some((id) => id > Number.MAX_SAFE_INTEGER);
    for (const i64 of isLarge ? (['bigint'] as const) : (['bigint', 'number'] as const)) {
      const ways = new BothWays(protocol, schema, i64);
      const { bytes, limit, cost } = ways.write({ v: make(0) }, DEFAULT_LIMITS);
      expect(limit).toBeUndefined();
      expect(ways.read(bytes!, DEFAULT_LIMITS)).toEqual({ limit: undefined, cost });
    }
  });
});
