import { describe, expect, it } from '@jest/globals';
import { ThriftReadError } from '../../../lib/thrift/errors.js';
import { seeded, type Random } from '../../fuzz/random.js';
import { jsonOf, jsonReader } from './harness.js';

const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 2_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now()) >>> 0;

const codec = jsonOf(`
  union Choice { 1: i32 a, 2: S s, 3: string t }
  struct S {
    1: bool b, 2: i8 i, 3: i16 j, 4: i32 k, 5: i64 l, 6: double d, 7: string s, 8: binary bin, 9: uuid u, 10: list<S> list,
    11: set<string> names, 12: map<i32,S> map, 13: Choice choice, 14: list<list<bool>> grid, 15: map<double,list<i64>> deep
  }
`);
const inner = { b: true, k: 7, s: 'te"xt', u: '00112233-4455-6677-8899-aabbccddeeff', choice: { t: 'ä€\n' } };
const whole = codec.text({
  ...inner,
  i: -1,
  j: 300,
  l: -12345678901234567n,
  d: 0.1,
  bin: Buffer.from('bytes'),
  list: [inner, inner],
  names: new Set(['a', 'b']),
  map: new Map([[1, inner]]),
  choice: { s: inner },
  grid: [[true], [], [false, true]],
  deep: new Map([[NaN, [1n, 2n]]]),
});

const tokens = whole.match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^"[\]{}:,]+/g)!;
/** Tokens that lead further than random characters. */
const HOSTILE = [
  ...['{', '}', '[', ']', ',', ':', '"', '\\', ' ', '0', '1', '2', '-1', '1.5', '1e400', '-0', '01', '2147483647'],
  ...['"1"', '"99"', '"-1"', '"NaN"', '"-Infinity"', '""', '"\\ud834"', '"\\u0000"', '"Zg"', 'null', 'true', 'NaN'],
  ...['"tf"', '"i8"', '"i16"', '"i32"', '"i64"', '"dbl"', '"str"', '"rec"', '"map"', '"lst"', '"set"', '"uid"'],
];

function mutate(random: Random): string {
  const mutated = tokens.slice(0, random.oneIn(4) ? random.below(tokens.length) : tokens.length);
  for (let changes = random.below(4) + 1; changes > 0; changes--) {
    mutated.splice(random.below(mutated.length + 1), random.below(3), random.pick(random.oneIn(3) ? tokens : HOSTILE));
  }
  return mutated.join('');
}

/** Reads, and lets nothing pass but a value or the documented error. Returns the value. */
function attempt(text: string | Buffer): unknown {
  const skip = (): void => {
    const reader = jsonReader(text);
    while (reader.remaining > 0) reader.skip(12);
  };
  const read = (): unknown => codec.read(text);
  let value: unknown;
  for (const act of [skip, read]) {
    try {
      value = act();
    } catch (error) {
      if (error instanceof ThriftReadError || /bytes were not read/.test(String(error))) continue;
      throw new Error(`seed ${SEED}, text ${JSON.stringify(text.toString())}`, { cause: error });
    }
  }
  return value;
}

describe(`fuzz, seed ${SEED}`, () => {
  it('reads random tokens as a value or a documented read error', () => {
    const random = seeded(SEED);
    for (let i = 0; i < ROUNDS; i++) {
      attempt(Array.from({ length: random.below(40) }, () => random.pick(HOSTILE)).join(''));
    }
  });

  it('reads a message with random bytes as a value or a documented read error', () => {
    const random = seeded(SEED);
    for (let i = 0; i < ROUNDS; i++) {
      const bytes = Buffer.from(whole);
      for (let changes = random.below(3) + 1; changes > 0; changes--)
        bytes[random.below(bytes.length)] = random.below(256);
      attempt(bytes);
    }
  });

  it('accepts mutated messages only where the messages are valid JSON', () => {
    const random = seeded(SEED);
    let accepted = 0;
    for (let i = 0; i < ROUNDS; i++) {
      const text = mutate(random);
      const value = attempt(text);
      if (value === undefined) continue;
      accepted++;
      expect(() => JSON.parse(text) as unknown).not.toThrow();
      expect(codec.read(codec.text(value))).toEqual(value);
    }
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThan(ROUNDS);
  });

  it('still reads and writes a valid message after fuzzing', () => {
    expect(codec.text(codec.read(whole))).toBe(whole);
  });
});
