import type { ProtocolName } from '#lib/thrift/protocol.js';
import type { Random } from '../random.js';
import type { CostlyCase } from './costly-case.js';
import { type DefaultGene, type FieldGene, SCALARS, type StructGene, type TypeGene } from './costly-schema.js';
import type { Shape } from './write-shape.js';

/** More than fit into a body, so that the outermost container fills it. */
export const FULL = 200_000;
const COUNTS = [0, 1, 1, 2, 3, 5, 10, 16, 63, 64, 65, 100, 300, 1_000];
const SIZES = [0, 0, 1, 1, 2, 5, 8, 13, 40, 129, 1_000];
const WIDTHS = [1, 1, 1, 1, 1, 1, 2, 2, 4, 10, 30, 60, 61, 100, 200];
const DEFAULT_COUNTS = [0, 1, 2, 5, 20, 100, 300];
const DEFAULT_SIZES = [0, 1, 20, 100, 1_000, 20_000];
const STYLES = 8;

/** Creates a random case of a protocol. */
export function randomCase(random: Random, protocol: ProtocolName): CostlyCase {
  const structs = Array.from({ length: 1 + random.below(3) }, () => randomStruct(random));
  const args = Array.from({ length: random.oneIn(4) ? 2 : 1 }, () => randomArgument(random));
  return {
    protocol,
    schema: { structs, args },
    shape: {
      ...randomShape(random, 0),
      parts: args.map(() => ({ ...randomShape(random, 4), count: random.oneIn(4) ? random.pick(COUNTS) : FULL })),
    },
    calls: random.oneIn(3) ? random.pick([2, 10, 100, 1_000, 9_000]) : 1,
    edits: random.oneIn(5) ? [random.bits()] : [],
    form: random.pick(['bytes', 'bytes', 'base64', 'wrapped'] as const),
    split: random.oneIn(12),
    generated: random.oneIn(6),
    lenient: random.oneIn(4),
    i64: random.oneIn(4) ? 'number' : 'bigint',
  };
}

export function randomStruct(random: Random): StructGene {
  return {
    union: random.oneIn(4),
    fields: Array.from({ length: 1 + random.below(3) }, () => randomField(random)),
  };
}

export function randomField(random: Random): FieldGene {
  return {
    type: randomType(random, 2),
    required: random.oneIn(6),
    repeat: random.pick(WIDTHS),
    ...(random.oneIn(2) && { default: randomDefault(random) }),
  };
}

export function randomDefault(random: Random): DefaultGene {
  return { count: random.pick(DEFAULT_COUNTS), size: random.pick(DEFAULT_SIZES) };
}

/** Creates a type of a parameter: often a container, because a container fills a body. */
export function randomArgument(random: Random): TypeGene {
  return random.oneIn(5) ? randomType(random, 3) : containerOf(random, randomType(random, 2));
}

/** Creates a type with at most so many containers in each other. */
export function randomType(random: Random, depth: number): TypeGene {
  if (depth > 0 && random.oneIn(3)) return containerOf(random, randomType(random, depth - 1));
  return random.oneIn(3) ? { kind: 'struct', index: random.below(4) } : { kind: random.pick(SCALARS) };
}

/** Puts a type into a container. */
export function containerOf(random: Random, of: TypeGene): TypeGene {
  const kind = random.pick(['list', 'list', 'set', 'map'] as const);
  if (kind !== 'map') return { kind, of };
  return random.oneIn(4)
    ? { kind, key: of, of: { kind: random.pick(SCALARS) } }
    : { kind, key: { kind: random.pick(SCALARS) }, of };
}

export function randomShape(random: Random, depth: number): Shape {
  const present = randomPresent(random);
  return {
    style: random.below(STYLES),
    size: random.pick(SIZES),
    count: random.pick(COUNTS),
    present,
    parts: depth === 0 ? [] : Array.from({ length: Math.max(2, present.length) }, () => randomShape(random, depth - 1)),
  };
}

/** Picks fields of a struct by index. Nothing is the most frequent: it costs the fewest bytes. */
export function randomPresent(random: Random): readonly number[] {
  return Array.from({ length: random.oneIn(2) ? 0 : 1 + random.below(3) }, () => random.below(random.oneIn(8) ? 8 : 3));
}

export function randomCount(random: Random): number {
  return random.oneIn(8) ? FULL : random.pick(COUNTS);
}

export function randomSize(random: Random): number {
  return random.pick(SIZES);
}

export function randomWidth(random: Random): number {
  return random.pick(WIDTHS);
}
