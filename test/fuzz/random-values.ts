import type { FieldSchema, ThriftType } from '#lib/idl/schema.js';
import { fieldsOf, service } from './contract.js';
import type { Random } from './random.js';

const DOUBLES = [
  0,
  -0,
  1,
  -1.5,
  0.1,
  NaN,
  Infinity,
  -Infinity,
  5e-324,
  1.7976931348623157e308,
  2 ** -29,
  2 ** -31,
  2 ** 53,
  1e21,
];
const TEXTS = [
  '',
  'a',
  'plain text',
  'grüße',
  '世界',
  '\u{1d11e}',
  '\u0000\u001f"\\/',
  '\u2028<&>',
  '__proto__',
  '\ufffd',
  'NaN',
];
/** Levels below which no more containers and structs are made. */
const DEEPEST = 5;

/** Creates random values of types without parts. */
const SCALARS: Readonly<Record<ScalarKind, (random: Random) => unknown>> = {
  bool: (random) => random.oneIn(2),
  i8: (random) => integer(random, 8),
  i16: (random) => integer(random, 16),
  i32: (random) => integer(random, 32),
  enum: (random) => integer(random, 32),
  i64: (random) =>
    random.oneIn(2)
      ? BigInt(integer(random, 32))
      : BigInt.asIntN(64, (BigInt(random.bits()) << 32n) | BigInt(random.bits())) >> BigInt(random.below(64)),
  double: (random) =>
    random.oneIn(3) ? random.pick(DOUBLES) : (integer(random, 32) / 1000) * 2 ** (random.below(200) - 100),
  string: (random) =>
    random.oneIn(20) ? random.pick(TEXTS).repeat(random.below(60)) : random.pick(TEXTS) + integer(random, 8),
  binary: (random) =>
    Buffer.from(Array.from({ length: random.below(random.oneIn(20) ? 300 : 6) }, () => random.below(256))),
  uuid,
};
type ScalarKind = Exclude<ThriftType['kind'], 'list' | 'set' | 'map' | 'struct'>;

/** A random value of a type, in the shape that decoding gives. Edge values are frequent. */
function randomValue(random: Random, type: ThriftType, level = 0): unknown {
  switch (type.kind) {
    case 'list':
      return items(random, level, () => randomValue(random, type.element, level + 1));
    case 'set':
      return new Set(items(random, level, () => randomValue(random, type.element, level + 1)));
    case 'map':
      return new Map(
        items(random, level, () => [
          randomValue(random, type.key, level + 1),
          randomValue(random, type.value, level + 1),
        ]),
      );
    case 'struct':
      return randomStruct(random, type.id, level);
    default:
      return SCALARS[type.kind](random);
  }
}

/** Random values for parameters: all of them, so that every type is met. */
export function randomArgs(random: Random, fields: readonly FieldSchema[]): Record<string, unknown> {
  return Object.fromEntries(fields.map(({ name, type }) => [name, randomValue(random, type)]));
}

function randomStruct(random: Random, id: string, level: number): Record<string, unknown> {
  const fields = fieldsOf(id);
  const union = service.schema.structs.get(id)!.kind === 'union';
  const chosen = union
    ? [random.pick(fields)]
    : fields.filter(({ requiredness }) => requiredness === 'required' || random.oneIn(level < 2 ? 2 : 5));
  return Object.fromEntries(chosen.map(({ name, type }) => [name, randomValue(random, type, level + 1)]));
}

function items<T>(random: Random, level: number, make: () => T): T[] {
  if (level > DEEPEST) return [];
  return Array.from({ length: random.below(random.oneIn(15) && level < 2 ? 40 : 4) }, make);
}

/** Returns integers of every magnitude with the same frequency. */
function integer(random: Random, width: number): number {
  const value = random.bits() >>> random.below(32);
  return (value << (32 - width)) >> (32 - width);
}

function uuid(random: Random): string {
  const hex = Array.from({ length: 4 }, () => random.bits().toString(16).padStart(8, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
