import type { Random } from './random.js';

type Mutation = (random: Random, bytes: Buffer, other: Buffer) => Buffer;

const SIZES = [0xffffffff, 0x7fffffff, 0x80000000, 0x00ffffff, 0x00010000, 255, 128, 127, 16, 15, 2, 1, 0];

/** A copy with one to four things changed. `other` is a message to take pieces from. */
export function mutated(random: Random, bytes: Buffer, other: Buffer): Buffer {
  let result = Buffer.from(bytes);
  for (let changes = 1 + (random.oneIn(3) ? random.below(4) : 0); changes > 0 && result.length > 0; changes--) {
    result = Buffer.from(random.pick(MUTATIONS)(random, result, other));
  }
  return result;
}

/** Sets a byte; small numbers are tags, ids and sizes, and lead further than random ones. */
const setByte: Mutation = (random, bytes) => {
  bytes[random.below(bytes.length)] = random.oneIn(2) ? random.below(20) : random.below(256);
  return bytes;
};

const flipBit: Mutation = (random, bytes) => {
  const at = random.below(bytes.length);
  bytes[at]! ^= 1 << random.below(8);
  return bytes;
};

const truncate: Mutation = (random, bytes) => bytes.subarray(0, random.below(bytes.length));

const insert: Mutation = (random, bytes) => {
  const at = random.below(bytes.length + 1);
  const added = Buffer.from(
    Array.from({ length: 1 + random.below(4) }, () => random.below(random.oneIn(2) ? 20 : 256)),
  );
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at)]);
};

const remove: Mutation = (random, bytes) => {
  const at = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(6))]);
};

/** Puts a piece of another message in, or a piece of this one at another place. */
const splice: Mutation = (random, bytes, other) => {
  const source = random.oneIn(2) ? other : bytes;
  const from = random.below(source.length);
  const piece = source.subarray(from, from + 1 + random.below(24));
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(random.oneIn(2) ? at : at + piece.length)]);
};

/** Changes what may be a size of four bytes: to an extreme, or by a little. */
const resize: Mutation = (random, bytes) => {
  if (bytes.length < 4) return bytes;
  const at = random.below(bytes.length - 3);
  const size = random.oneIn(2) ? random.pick(SIZES) : bytes.readInt32BE(at) + random.below(5) - 2;
  bytes.writeInt32BE(size | 0, at);
  return bytes;
};

/** Changes what may be a varint or a digit: by one, or into one of many bytes. */
const nudge: Mutation = (random, bytes) => {
  const at = random.below(bytes.length);
  if (random.oneIn(4))
    return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(1 + random.below(10), 0xff), bytes.subarray(at)]);
  bytes[at] = bytes[at]! + (random.oneIn(2) ? 1 : -1);
  return bytes;
};

const MUTATIONS: readonly Mutation[] = [
  setByte,
  setByte,
  flipBit,
  truncate,
  insert,
  remove,
  splice,
  splice,
  resize,
  nudge,
];
