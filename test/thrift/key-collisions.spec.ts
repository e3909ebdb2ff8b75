import { describe, expect, it } from '@jest/globals';
import { hashOfBits, hashOfNumber, KeyCollisions } from '../../lib/thrift/key-collisions.js';

/** Keys of a table, and chains of its hash table. */
const KEYS = 1_000;
const CHAIN_BITS = 9;
/** Colliding keys take at least so many times as long as ordinary keys, where the tracker reports collisions. */
const LEAST_RATIO = 10;
const ROUNDS = 20;
/** Resolution of the measurement. */
const LEAST_MS = 0.005;

/** Finds keys whose hashes end in zeros, so that they share a chain. */
function colliding<Key>(keyOf: (i: number) => Key, hash: (i: number) => number): readonly Key[] {
  const found: Key[] = [];
  for (let i = 1; found.length < KEYS; i += 1) if ((hash(i) & ((1 << CHAIN_BITS) - 1)) === 0) found.push(keyOf(i));
  return found;
}

/** Finds as many keys of the same magnitudes, each beside a colliding key. */
function ordinary<Key>(keys: readonly Key[], next: (key: Key) => Key): readonly Key[] {
  return [...new Set(keys.map(next))];
}

/** Returns the comparisons that the tracker charges for adding all keys. */
function charged(keys: readonly unknown[], isI64: boolean): number {
  let cost = 0;
  const tracker = new KeyCollisions({ charge: (comparisons) => void (cost += comparisons) }, keys.length, isI64);
  keys.forEach((key, i) => tracker.note(key, i + 1));
  return cost;
}

/**
 * Returns the CPU time in ms of looking all keys up in a table of them: the least of several rounds, since
 * other processes only add to it.
 */
function lookUpTime(make: MakeTable, keys: readonly unknown[]): number {
  const table = make(keys);
  const times = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    for (const key of keys) if (!table.has(key)) throw new Error('a key is missing');
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.max(LEAST_MS, Math.min(...times));
}

type MakeTable = (keys: readonly unknown[]) => ReadonlySet<unknown> | ReadonlyMap<unknown, unknown>;

interface Sample {
  readonly keys: readonly unknown[];
  readonly others: readonly unknown[];
  readonly isI64: boolean;
}

function sample<Key>(keys: readonly Key[], next: (key: Key) => Key, isI64 = false): Sample {
  return { keys, others: ordinary(keys, next), isI64 };
}

const bits64 = (i: number): number => hashOfBits(0, i);
const SAMPLES: readonly (readonly [string, Sample])[] = [
  [
    'i32',
    sample(
      colliding((i) => i, hashOfNumber),
      (key) => key + 1,
    ),
  ],
  [
    'negative i32',
    sample(
      colliding(
        (i) => -i,
        (i) => hashOfNumber(-i),
      ),
      (key) => key - 1,
    ),
  ],
  [
    'double',
    sample(
      colliding(
        (i) => i + 0.5,
        (i) => hashOfNumber(i + 0.5),
      ),
      (key) => key + 1,
    ),
  ],
  [
    'integer as double',
    sample(
      colliding(
        (i) => i * 2 ** 32,
        (i) => hashOfNumber(i * 2 ** 32),
      ),
      (key) => key + 2 ** 32,
    ),
  ],
  ['i64 as bigint', sample(colliding(BigInt, bits64), (key) => key + 1n, true)],
  [
    'negative i64 as bigint',
    sample(
      colliding((i) => BigInt(-i), bits64),
      (key) => key - 1n,
      true,
    ),
  ],
  [
    'i64 as number',
    sample(
      colliding((i) => i, hashOfNumber),
      (key) => key + 1,
      true,
    ),
  ],
];

const TABLES: readonly (readonly [string, MakeTable])[] = [
  ['Set', (keys) => new Set(keys)],
  ['Map', (keys) => new Map(keys.map((key) => [key, true]))],
];

describe('the hashes of key-collisions.ts', () => {
  it.each(SAMPLES)('charges colliding keys and no ordinary ones: %s', (_, { keys, others, isI64 }) => {
    expect(new Set(keys).size).toBe(KEYS);
    expect(others.length).toBeGreaterThan(KEYS * 0.9);
    // Half of the square of the keys, less what is free.
    expect(charged(keys, isI64)).toBeGreaterThan((KEYS * KEYS) / 4);
    expect(charged(others, isI64)).toBe(0);
  });

  it.each(TABLES.flatMap(([name, make]) => SAMPLES.map(([of, keys]) => [name, of, make, keys] as const)))(
    'are those of the engine: a look-up in a %s takes far longer among colliding keys: %s',
    (_, _of, make, { keys, others }) => {
      // A busy machine lengthens one measurement, so the ratio may be measured again. Other hashes fail each time.
      let ratio = 0;
      for (let tries = 0; tries < 5 && ratio <= LEAST_RATIO; tries++)
        ratio = Math.max(ratio, lookUpTime(make, keys) / lookUpTime(make, others));
      expect(ratio).toBeGreaterThan(LEAST_RATIO);
    },
  );

  it.each(TABLES)('would not pass the comparison with another hash: %s', (_, make) => {
    const keys = colliding(
      (i) => i,
      (i) => i,
    );
    const others = ordinary(keys, (key) => key + 1);
    const ratios = Array.from({ length: 5 }, () => lookUpTime(make, keys) / lookUpTime(make, others));
    expect(Math.min(...ratios)).toBeLessThan(LEAST_RATIO);
    expect(charged(keys, false)).toBe(0);
  });
});
