import { describe, expect, it } from '@jest/globals';
import { ThriftReadError } from '../../lib/thrift/errors.js';
import { createReader } from '../../lib/thrift/messages.js';
import { structOf } from './harness.js';

const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 2_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now()) >>> 0;

/** mulberry32: small, and the same on every machine. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const codec = structOf(`
  union Choice { 1: i32 a, 2: S s, 3: string t }
  struct S {
    1: bool b, 2: i8 i, 3: i16 j, 4: i32 k, 5: i64 l, 6: double d, 7: string s, 8: binary bin, 9: uuid u, 10: list<S> list,
    11: set<string> names, 12: map<i32,S> map, 13: Choice choice, 14: list<list<bool>> grid, 15: map<string,list<i64>> deep
  }
`);
const inner = { b: true, k: 7, s: 'text', u: '00112233-4455-6677-8899-aabbccddeeff', choice: { t: 'ä€' } };
const sample = {
  ...inner,
  i: -1,
  j: 300,
  l: -5n,
  d: 0.1,
  bin: Buffer.from('bytes'),
  list: [inner, inner],
  names: new Set(['a', 'b']),
  map: new Map([[1, inner]]),
  choice: { s: inner },
  grid: [[true], [], [false, true]],
  deep: new Map([['x', [1n, 2n]]]),
};
const whole = codec.encode(sample);

/** Reads, and lets nothing pass but a value or the documented error. */
function attempt(bytes: Buffer): void {
  for (const read of [() => codec.decode(bytes), () => drive(bytes)]) {
    try {
      read();
    } catch (error) {
      if (error instanceof ThriftReadError || /bytes were not read/.test(String(error))) continue;
      throw new Error(`seed ${SEED}, bytes ${bytes.toString('hex')}`, { cause: error });
    }
  }
}

/** The same through the protocol's methods. */
function drive(bytes: Buffer): void {
  const reader = createReader('binary', bytes, { oldBinary: true });
  while (reader.remaining > 0) {
    reader.readMessageBegin();
    reader.skip(12);
  }
}

function mutate(pick: (below: number) => number): Buffer {
  const bytes = Buffer.from(whole.subarray(0, pick(4) === 0 ? pick(whole.length) : whole.length));
  for (let changes = pick(4) + 1; changes > 0 && bytes.length > 0; changes--) {
    const at = pick(bytes.length);
    // Small numbers are tags, sizes and ids; they lead further than random bytes.
    bytes[at] = pick(2) === 0 ? pick(20) : pick(256);
  }
  return bytes;
}

describe(`fuzz, seed ${SEED}`, () => {
  it('decodes random bytes to a value or a documented read error', () => {
    const pick = random(SEED);
    for (let i = 0; i < ROUNDS; i++)
      attempt(Buffer.from(Array.from({ length: pick(60) }, () => pick(pick(2) ? 256 : 18))));
  });

  it('decodes mutated messages to a value or a documented read error', () => {
    const pick = random(SEED);
    for (let i = 0; i < ROUNDS; i++) attempt(mutate(pick));
  });

  it('still decodes a valid message after fuzzing', () => {
    expect(codec.decode(whole)).toEqual(codec.decode(codec.encode(codec.decode(whole))));
    expect(codec.decode(whole)).toMatchObject({ l: -5n, names: new Set(['a', 'b']) });
  });
});
