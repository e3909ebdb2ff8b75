import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { Schema, ThriftType } from '#lib/idl/schema.js';
import type { ProtocolName } from '#lib/thrift/protocol.js';
import { codecError, structIn } from './harness.js';
import { randomSchemas } from './random-schema.js';

/**
 * Checks that encoding finds unknown fields where a slow check of every key finds them, in `runs` random values of random
 * schemas.
 */
export function checkUnknownFields(protocol: ProtocolName, runs: number): void {
  fc.assert(
    fc.property(randomSchemas(), fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 }), (random, picks) => {
      const { schema, value } = random;
      const codec = structIn(schema, 'x.S', { protocol });
      const changed = disguise(schema, { kind: 'struct', id: 'x.S' }, value, turns(picks));
      if (hasUnknown(schema, { kind: 'struct', id: 'x.S' }, changed)) {
        expect(codecError(() => codec.encode(changed))).toMatchObject({ reason: 'unknown-field' });
        const ignoring = structIn(schema, 'x.S', { protocol, unknownFields: 'ignore' });
        expect(ignoring.hex(changed)).toBe(codec.hex(value));
      } else {
        expect(codec.hex(changed)).toBe(codec.hex(value));
      }
    }),
    { numRuns: runs },
  );
}

type Keyed = Record<string, unknown>;

/** Returns the given numbers one after another, for ever. */
function turns(numbers: readonly number[]): () => number {
  let at = 0;
  return () => numbers[at++ % numbers.length]!;
}

/** Applies `each` to every struct in a value, innermost first. */
function mapStructs(
  schema: Schema,
  type: ThriftType,
  value: unknown,
  each: (struct: Keyed, names: readonly string[]) => unknown,
): unknown {
  if (value === undefined || value === null) return value;
  switch (type.kind) {
    case 'list':
      return (value as unknown[]).map((item) => mapStructs(schema, type.element, item, each));
    case 'map':
      return new Map(
        [...(value as Map<unknown, unknown>)].map(([key, item]) => [key, mapStructs(schema, type.value, item, each)]),
      );
    case 'struct': {
      const { fields } = schema.structs.get(type.id)!;
      const given = value as Keyed;
      const known = fields.filter(({ name }) => name in given);
      const read = (name: string): unknown =>
        Object.hasOwn(given, name) || !(name in Object.prototype) ? given[name] : undefined;
      const inner = Object.fromEntries(
        known.map((field) => [field.name, mapStructs(schema, field.type, read(field.name), each)]),
      );
      const others = Object.fromEntries(
        Object.entries(given).filter(([key]) => !fields.some(({ name }) => name === key)),
      );
      return each(
        { ...others, ...inner },
        fields.map(({ name }) => name),
      );
    }
    default:
      return value;
  }
}

/** Changes the form of each struct in a value, without a change of its declared fields. */
function disguise(schema: Schema, of: ThriftType, value: unknown, turn: () => number): unknown {
  return mapStructs(schema, of, value, (struct, names) => DISGUISES[turn() % DISGUISES.length]!(struct, names));
}

const DISGUISES: readonly ((struct: Keyed, names: readonly string[]) => unknown)[] = [
  (struct) => struct,
  (struct) => Object.fromEntries(Object.entries(struct).filter(([, item]) => item !== undefined)),
  (struct, names) => ({ ...Object.fromEntries(names.map((name) => [name, undefined])), ...struct }),
  (struct) => withPrototype(null, struct),
  (struct) => withPrototype({ inherited: 1 }, struct),
  (struct) => withPrototype(Thing.prototype, struct),
  (struct) => ({ ...struct, unknown: undefined, [Symbol('unknown')]: 1, toJSON: () => 1 }),
  (struct) => Object.defineProperty({ ...struct }, 'hidden', { value: 1 }),
  withGetters,
  (struct) => ({ ...struct, unknown: 1 }),
  (struct) => ({ unknown: null, ...struct }),
  (struct) => withPrototype(Thing.prototype, { ...struct, unknown: 1 }),
  (struct) => Object.assign(withGetters(struct), { unknown: 1 }),
];

class Thing {
  method(): void {}
}

/** Copies all properties, also one named `__proto__`. */
function withPrototype(prototype: object | null, struct: Keyed): object {
  return Object.create(prototype, Object.getOwnPropertyDescriptors(struct)) as object;
}

/** Moves the fields into getters of a prototype, except names that every object inherits. */
function withGetters(struct: Keyed): object {
  const movable = Object.keys(struct).filter((name) => !(name in Object.prototype));
  const prototype = Object.defineProperties(
    {},
    Object.fromEntries(movable.map((name) => [name, { get: () => struct[name] }])),
  );
  Object.defineProperty(prototype, 'constructor', { value: class {} });
  const rest = Object.keys(struct).filter((name) => name in Object.prototype);
  const own = Object.fromEntries(rest.map((name) => [name, { value: struct[name], enumerable: true }]));
  return Object.create(prototype, own) as object;
}

/** Looks at every key of every struct: the slow check that the emitted code must agree with. */
function hasUnknown(schema: Schema, type: ThriftType, value: unknown): boolean {
  let found = false;
  mapStructs(schema, type, value, (struct, names) => {
    found ||= Object.entries(struct).some(
      ([key, item]) => !names.includes(key) && item !== undefined && typeof item !== 'function',
    );
  });
  return found;
}
