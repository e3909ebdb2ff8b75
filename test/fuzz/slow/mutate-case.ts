import type { Random } from '../random.js';
import type { CostlyCase } from './costly-case.js';
import { type FieldGene, SCALARS, type SchemaGene, type StructGene, type TypeGene } from './costly-schema.js';
import {
  containerOf,
  FULL,
  randomArgument,
  randomCount,
  randomDefault,
  randomField,
  randomPresent,
  randomShape,
  randomSize,
  randomStruct,
  randomType,
  randomWidth,
} from './random-case.js';
import type { Shape } from './write-shape.js';

type Change<T> = (random: Random, value: T) => T;

const MOST_WIDTH = 400;
const MOST_STRUCTS = 5;
const MOST_PARTS = 8;

/** Returns a case with one to three changes of its schema, its values or the way that it is read. */
export function mutatedCase(random: Random, one: CostlyCase): CostlyCase {
  let changed = one;
  for (let changes = 1 + random.below(3); changes > 0; changes--) changed = random.pick(CHANGES)(random, changed);
  return changed;
}

const CHANGES: readonly Change<CostlyCase>[] = [
  (random, one) => ({ ...one, schema: changedSchema(random, one.schema) }),
  (random, one) => ({ ...one, schema: changedSchema(random, one.schema) }),
  (random, one) => ({ ...one, shape: changedShape(random, one.shape) }),
  (random, one) => ({ ...one, shape: changedShape(random, one.shape) }),
  (random, one) => ({ ...one, shape: changedShape(random, one.shape) }),
  (random, one) => random.pick(OPTIONS)(random, one),
];

const OPTIONS: readonly Change<CostlyCase>[] = [
  (random, one) => ({ ...one, calls: scaled(random, one.calls, 10_000, 1) }),
  (_, one) => ({ ...one, calls: 1 }),
  (random, one) => ({ ...one, edits: random.oneIn(2) ? [] : [...one.edits, random.bits()].slice(-4) }),
  (random, one) => ({ ...one, form: random.pick(['bytes', 'base64', 'wrapped'] as const) }),
  (_, one) => ({ ...one, lenient: !one.lenient }),
  (_, one) => ({ ...one, generated: !one.generated }),
  (_, one) => ({ ...one, split: !one.split }),
  (_, one) => ({ ...one, i64: one.i64 === 'number' ? 'bigint' : 'number' }),
];

const SCHEMA_CHANGES: readonly Change<SchemaGene>[] = [
  (random, { structs, args }) => ({ args, structs: at(random, structs, changedStruct) }),
  (random, { structs, args }) => ({ args, structs: at(random, structs, changedStruct) }),
  (random, { structs, args }) => ({ args, structs: [...structs, randomStruct(random)].slice(-MOST_STRUCTS) }),
  (random, { structs, args }) => ({ structs, args: at(random, args, changedType) }),
  (random, { structs, args }) => ({ structs, args: at(random, args, randomArgument) }),
];

const FIELD_CHANGES: readonly Change<FieldGene>[] = [
  (random, field) => ({ ...field, type: changedType(random, field.type) }),
  (random, field) => ({ ...field, repeat: scaled(random, field.repeat, MOST_WIDTH, 1) }),
  (random, field) => ({ ...field, repeat: randomWidth(random) }),
  (_, field) => ({ ...field, required: !field.required }),
  (random, field) => ({ ...field, default: randomDefault(random) }),
  (random, { default: value, ...field }) =>
    value === undefined
      ? field
      : { ...field, default: { count: scaled(random, value.count, 1_000), size: scaled(random, value.size, 40_000) } },
  (_random, { default: _default, ...field }) => field,
];

const SHAPE_CHANGES: readonly Change<Shape>[] = [
  (random, shape) => ({ ...shape, style: random.below(8) }),
  (random, shape) => ({ ...shape, size: random.oneIn(2) ? randomSize(random) : scaled(random, shape.size, 100_000) }),
  (random, shape) => ({ ...shape, count: random.oneIn(2) ? randomCount(random) : scaled(random, shape.count, FULL) }),
  (random, shape) => ({ ...shape, count: shape.count + random.below(3) - (shape.count > 0 ? 1 : 0) }),
  (random, shape) => ({ ...shape, present: randomPresent(random) }),
  // The same fields once more: repeated members, and wide structs that are full.
  (_, shape) => ({ ...shape, present: [...shape.present, ...shape.present].slice(0, MOST_WIDTH) }),
  (_random, shape) => ({ ...shape, present: shape.present.map((_, i) => i) }),
  (random, shape) => ({ ...shape, present: [...shape.present, random.below(6)] }),
  (random, shape) => ({ ...shape, parts: [...shape.parts, randomShape(random, 2)].slice(-MOST_PARTS) }),
  (_, shape) => ({ ...shape, parts: shape.parts.toReversed() }),
  (random, shape) =>
    shape.parts.length === 0 ? shape : { ...shape, parts: [random.pick(shape.parts), ...shape.parts] },
];

function changedSchema(random: Random, schema: SchemaGene): SchemaGene {
  return random.pick(SCHEMA_CHANGES)(random, schema);
}

function changedStruct(random: Random, struct: StructGene): StructGene {
  const { union, fields } = struct;
  switch (random.below(8)) {
    case 0:
      return { union: !union, fields };
    case 1:
      return { union, fields: [...fields, randomField(random)] };
    case 2:
      return { union, fields: fields.length > 1 ? fields.slice(1) : fields };
    case 3:
      return { union, fields: fields.toReversed() };
    default:
      return { union, fields: at(random, fields, (_, field) => random.pick(FIELD_CHANGES)(random, field)) };
  }
}

function changedType(random: Random, type: TypeGene): TypeGene {
  switch (random.below(5)) {
    case 0:
      return containerOf(random, type);
    case 1:
      return 'of' in type ? type.of : { kind: random.pick(SCALARS) };
    case 2:
      return 'of' in type ? { ...type, of: changedType(random, type.of) } : { kind: 'struct', index: random.below(4) };
    case 3:
      return type.kind === 'map' ? { ...type, key: changedType(random, type.key) } : { kind: random.pick(SCALARS) };
    default:
      return randomType(random, 2);
  }
}

/** Changes a node of the tree, one near the top with a higher probability. */
function changedShape(random: Random, shape: Shape): Shape {
  if (shape.parts.length > 0 && !random.oneIn(4))
    return { ...shape, parts: at(random, shape.parts, (_, part) => changedShape(random, part)) };
  return random.pick(SHAPE_CHANGES)(random, shape);
}

/** Changes one element of a list. */
function at<T>(random: Random, list: readonly T[], change: Change<T>): readonly T[] {
  const index = random.below(list.length);
  return list.map((value, i) => (i === index ? change(random, value) : value));
}

/** Doubles or halves a number. */
function scaled(random: Random, value: number, most: number, least = 0): number {
  const changed = random.oneIn(3) ? Math.floor(value / 2) : value * 2 + 1;
  return Math.max(least, Math.min(most, changed));
}
