import { putI64 } from './int64.js';

/** Tables of up to this many keys are not watched: chains of this length cost little. */
export const UNWATCHED_KEYS = 64;

/**
 * Counts the comparisons that numeric keys cause in one map or set because their hashes collide.
 *
 * V8 hashes numbers and bigints without a seed, so a sender can choose keys that share one chain of
 * the table, and n such keys take n² comparisons. This class follows V8's tables
 * (`src/objects/ordered-hash-table.h`) with the same hashes. An engine with other hashes is compared
 * with a table of its own kind: ordinary keys spread evenly in both.
 */
export class KeyCollisions {
  private readonly ofNumbers: ChainLengths;
  /** An i64 becomes a number or a bigint, as the reader wants it. */
  private readonly ofBigInts: ChainLengths | undefined;
  private size = 0;

  /** @param size number of keys, as the header of the container declares it */
  constructor(
    private readonly account: CollisionAccount,
    size: number,
    isI64: boolean,
  ) {
    this.ofNumbers = new ChainLengths(size);
    if (isI64) this.ofBigInts = new ChainLengths(size);
  }

  /**
   * Notes that a key was looked up, and added if the table did not hold it.
   *
   * @param size number of keys that the table holds now
   */
  note(key: unknown, size: number): void {
    const isNew = size > this.size;
    this.size = size;
    const comparisons = this.ofBigInts === undefined ? this.lookUp(key as number, isNew) : this.lookUpI64(key, isNew);
    if (comparisons > 0) this.account.charge(comparisons, 'a collision of keys');
  }

  private lookUp(key: number, isNew: boolean): number {
    return this.ofNumbers.lookUp(hashOfNumber(key), isNew);
  }

  private lookUpI64(key: unknown, isNew: boolean): number {
    putI64(bits, 0, key);
    const high = bits.getInt32(0);
    const low = bits.getInt32(4);
    // The engine hashes the magnitude of a bigint.
    const magnitude = high < 0 ? hashOfBits(low === 0 ? -high | 0 : ~high, -low | 0) : hashOfBits(high, low);
    const ofBigInt = this.ofBigInts!.lookUp(magnitude, isNew);
    return Math.max(ofBigInt, this.lookUp(high * HIGH + (low >>> 0), isNew));
  }
}

/** Takes the charge for comparisons. */
export interface CollisionAccount {
  charge(cost: number, what: string): void;
}

/** Capacity of a new table, and keys for each chain of a full table. */
const FIRST_CAPACITY = 4;
const KEYS_OF_A_CHAIN = 2;
/** Comparisons of a look-up that are free. The mean of ordinary keys is 1.4. */
const FREE_COMPARISONS = 16;

/** Tracks the chain lengths of a hash table that grows. */
class ChainLengths {
  private readonly hashes: Int32Array;
  private lengths: Uint32Array;
  private mask: number;
  private capacity = FIRST_CAPACITY;
  private keys = 0;
  /** Comparisons so far beyond the free ones. Negative if fewer. */
  private excess = 0;
  private charged = 0;

  constructor(size: number) {
    this.hashes = new Int32Array(size);
    const chains = this.capacity / KEYS_OF_A_CHAIN;
    this.mask = chains - 1;
    this.lengths = new Uint32Array(chains);
  }

  lookUp(hash: number, isNew: boolean): number {
    this.excess += this.lengths[hash & this.mask]! - FREE_COMPARISONS;
    if (isNew) this.add(hash);
    if (this.excess <= this.charged) return 0;
    const due = this.excess - this.charged;
    this.charged = this.excess;
    return due;
  }

  private add(hash: number): void {
    if (this.keys === this.capacity) this.grow();
    this.hashes[this.keys] = hash;
    this.keys += 1;
    this.lengths[hash & this.mask]! += 1;
  }

  private grow(): void {
    this.capacity *= 2;
    const chains = this.capacity / KEYS_OF_A_CHAIN;
    this.mask = chains - 1;
    this.lengths = new Uint32Array(chains);
    for (let i = 0; i < this.keys; i++) this.lengths[this.hashes[i]! & this.mask]! += 1;
  }
}

const HIGH = 2 ** 32;
const bits = new DataView(new ArrayBuffer(8));
const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);
/** Index in {@link halves} of the upper half of a double. */
const UPPER = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** Returns the hash of a number in V8 (`src/objects/objects.cc`, `Object::GetSimpleHash`). */
export function hashOfNumber(key: number): number {
  if (key === (key | 0)) return hashOfInteger(key);
  double[0] = key;
  return hashOfBits(halves[UPPER]!, halves[1 - UPPER]!);
}

/** Thomas Wang's hash of 32 bits (`src/utils/utils.h`, `ComputeUnseededHash`). */
function hashOfInteger(key: number): number {
  let hash = (~key + (key << 15)) | 0;
  hash ^= hash >>> 12;
  hash = (hash + (hash << 2)) | 0;
  hash ^= hash >>> 4;
  hash = Math.imul(hash, 2057);
  return hash ^ (hash >>> 16);
}

/**
 * Thomas Wang's hash of 64 bits (`src/utils/utils.h`, `ComputeLongHash`), on halves of 32 bits.
 * Returns the lower half. Written without a function for 64-bit sums, whose result would be an object.
 */
export function hashOfBits(high: number, low: number): number {
  // hash = ~hash + (hash << 18)
  let sum = (~low >>> 0) + ((low << 18) >>> 0);
  let h = (~high + ((high << 18) | (low >>> 14)) + (sum >= HIGH ? 1 : 0)) | 0;
  let l = sum | 0;
  // hash ^= hash >>> 31
  l ^= (h << 1) | (l >>> 31);
  h ^= h >>> 31;
  // hash *= 21
  sum = (l >>> 0) * 21;
  h = (Math.imul(h, 21) + Math.floor(sum / HIGH)) | 0;
  l = sum | 0;
  // hash ^= hash >>> 11
  l ^= (h << 21) | (l >>> 11);
  h ^= h >>> 11;
  // hash += hash << 6
  sum = (l >>> 0) + ((l << 6) >>> 0);
  h = (h + ((h << 6) | (l >>> 26)) + (sum >= HIGH ? 1 : 0)) | 0;
  l = sum | 0;
  // hash ^= hash >>> 22
  return l ^ ((h << 10) | (l >>> 22));
}
