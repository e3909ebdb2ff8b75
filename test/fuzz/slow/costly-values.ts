import type { ThriftType } from '#lib/idl/schema.js';
import { hashOfBits, hashOfNumber } from '#lib/thrift/key-collisions.js';
import { seeded } from '../random.js';

/** Returns the value number `i` of a style; texts and binaries have `size` bytes or characters. */
type MakeValue = (i: number, size: number) => unknown;

/** Bits in which the hashes of colliding keys agree: those of a small table, and those of a large one. */
const NEAR = 5;
const FAR = 10;
const MOST_COLLIDING = 1_500;

/** Finds positive numbers whose hashes end in zeros, once for each kind of number. */
class CollidingKeys {
  private readonly found: number[] = [];
  private next = 1;

  constructor(
    private readonly hash: (i: number) => number,
    private readonly bits: number,
    private readonly end: number,
  ) {}

  /** Returns the colliding key number `i`, counted again from the first behind the last. */
  at(i: number): number {
    const index = i % MOST_COLLIDING;
    const mask = (1 << this.bits) - 1;
    for (; this.found.length <= index && this.next < this.end; this.next += 1)
      if ((this.hash(this.next) & mask) === 0) this.found.push(this.next);
    return this.found[index % this.found.length] ?? 0;
  }
}

const collidingPair = (hash: (i: number) => number, end: number): readonly [CollidingKeys, CollidingKeys] => [
  new CollidingKeys(hash, NEAR, end),
  new CollidingKeys(hash, FAR, end),
];
const small = collidingPair(hashOfNumber, 2 ** 15);
const integers = collidingPair(hashOfNumber, 2 ** 31);
const bigints = collidingPair((i) => hashOfBits(0, i), 2 ** 31);
const doubles = collidingPair((i) => hashOfNumber(i + 0.5), 2 ** 31);

function random(i: number): number {
  return seeded(i).bits() | 0;
}

function uuid(i: number): string {
  return `${(i >>> 0).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

const integersOf = (least: number, keys: readonly [CollidingKeys, CollidingKeys]): readonly MakeValue[] => [
  () => 0,
  (i) => i % -least,
  (i) => keys[0].at(i),
  (i) => keys[1].at(i),
  (i) => random(i) % -least,
  () => least,
];

const texts: readonly MakeValue[] = [
  (_, size) => 'x'.repeat(size),
  (i, size) => String(i).padStart(size, 'x'),
  (i) => String(i),
  (_, size) => 'é'.repeat(size),
  (_, size) => '\ufffd'.repeat(size),
  (_, size) => '\n'.repeat(size),
  (_, size) => '\u0001'.repeat(size),
  (i, size) => '\u{1f600}'.repeat(size) + i,
];

/** The styles of each type without parts: the plain one first. */
const STYLES: Readonly<Record<Exclude<ThriftType['kind'], 'list' | 'set' | 'map' | 'struct'>, readonly MakeValue[]>> = {
  bool: [() => false, () => true, (i) => i % 2 === 0],
  i8: [() => 0, (i) => (i % 256) - 128],
  i16: integersOf(-(2 ** 15), small),
  i32: integersOf(-(2 ** 31), integers),
  enum: integersOf(-(2 ** 31), integers),
  i64: [
    () => 0n,
    (i) => BigInt(i),
    (i) => BigInt(bigints[0].at(i)),
    (i) => BigInt(bigints[1].at(i)),
    (i) => BigInt(random(i)) * 1_000_003n,
    () => -(2n ** 63n),
    (i) => BigInt(integers[0].at(i)),
    (i) => BigInt(bigints[0].at(i >> 1)) * (i % 2 === 0 ? 1n : -1n),
  ],
  double: [
    () => 0,
    (i) => i,
    (i) => doubles[0].at(i) + 0.5,
    (i) => doubles[1].at(i) + 0.5,
    (i) => random(i) / 7,
    () => NaN,
    (i) => integers[0].at(i),
    () => 1.234567890123456e-300,
  ],
  string: texts,
  binary: [(_, size) => Buffer.alloc(size), (i, size) => Buffer.from(String(i).padStart(size, 'x'))],
  uuid: [() => uuid(0), uuid],
};

/** Returns the value number `i` of a type without parts. */
export function scalarValue(type: ThriftType, style: number, i: number, size: number): unknown {
  const styles = STYLES[type.kind as keyof typeof STYLES];
  return styles[style % styles.length]!(i, size);
}
