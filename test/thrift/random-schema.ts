import fc from 'fast-check';
import type { FieldSchema, Schema, StructSchema, ThriftType } from '#lib/idl/schema.js';

/** A type and values of it, in the shapes that decoding gives. */
interface TypeWithValues {
  readonly type: ThriftType;
  readonly values: fc.Arbitrary<unknown>;
}

/** A schema whose struct `x.S` has the values `value`. */
export interface SchemaWithValue {
  readonly schema: Schema;
  readonly value: unknown;
}

const int = (bits: number): fc.Arbitrary<number> => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });

const BASE: readonly TypeWithValues[] = [
  { type: { kind: 'bool' }, values: fc.boolean() },
  { type: { kind: 'i8' }, values: int(8) },
  { type: { kind: 'i16' }, values: int(16) },
  { type: { kind: 'i32' }, values: int(32) },
  { type: { kind: 'i64' }, values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  { type: { kind: 'double' }, values: fc.double() },
  { type: { kind: 'string' }, values: fc.string({ unit: 'binary', maxLength: 40 }) },
  { type: { kind: 'binary' }, values: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
  { type: { kind: 'uuid' }, values: fc.uuid() },
  { type: { kind: 'enum', id: 'x.E' }, values: int(32) },
];

const NAMES = ['a', 'b', '__proto__', 'constructor', 'size', 'length', 'a.b', '_', 'w', 'r', 'v', 'p'];

/** Random schemas: structs and unions of random fields, nested in each other and in containers, with a random value. */
export function randomSchemas(): fc.Arbitrary<SchemaWithValue> {
  return fc.array(structParts(), { minLength: 1, maxLength: 4 }).chain((parts) => {
    const structs = new Map<string, StructSchema>();
    let known: TypeWithValues[] = [...BASE];
    for (const [index, part] of parts.entries()) {
      const struct = buildStruct(index === parts.length - 1 ? 'S' : `T${index}`, part, known);
      structs.set(struct.schema.id, struct.schema);
      known = [...known, { type: { kind: 'struct', id: struct.schema.id }, values: struct.values }];
    }
    const enums = new Map([['x.E', { id: 'x.E', name: 'E', values: new Map([['A', 1]]), annotations: {} }]]);
    const none = { namespaces: new Map(), constants: new Map(), services: new Map(), files: [] };
    const schema: Schema = { program: 'x', structs, enums, ...none };
    return known.at(-1)!.values.map((value) => ({ schema, value }));
  });
}

interface StructParts {
  readonly union: boolean;
  readonly fields: readonly {
    readonly name: string;
    readonly id: number;
    readonly required: boolean;
    readonly pick: number[];
  }[];
}

function structParts(): fc.Arbitrary<StructParts> {
  const field = fc.record({
    name: fc.constantFrom(...NAMES),
    id: int(16),
    required: fc.boolean(),
    pick: fc.array(fc.nat(1000), { minLength: 6, maxLength: 6 }),
  });
  const fields = fc
    .uniqueArray(field, { minLength: 1, maxLength: 8, selector: ({ name }) => name })
    .map((list) => list.filter(({ id }, index) => list.findIndex((other) => other.id === id) === index));
  return fc.record({ union: fc.boolean(), fields });
}

function buildStruct(name: string, { union, fields }: StructParts, known: readonly TypeWithValues[]) {
  const members = fields.map(({ pick, ...rest }) => ({ ...rest, of: typeFrom(pick, known) }));
  const schema: StructSchema = {
    id: `x.${name}`,
    name,
    kind: union ? 'union' : 'struct',
    annotations: {},
    fields: members.map(({ name: fieldName, id, required, of }): FieldSchema => {
      const requiredness = required && !union ? 'required' : 'default';
      return { id, name: fieldName, type: of.type, requiredness, annotations: {} };
    }),
  };
  // Computed keys, for `__proto__` must become a property.
  const values = union
    ? fc.oneof(...members.map(({ name: key, of }) => of.values.map((value) => ({ [key]: value }))))
    : fc
        .tuple(...members.map(({ of, required }) => (required ? of.values : fc.option(of.values, { nil: undefined }))))
        .map((all) => Object.fromEntries(members.map(({ name: key }, i) => [key, all[i]])));
  return { schema, values };
}

/** Returns what distinguishes elements of a set: the bytes of a binary, of which a `Set` holds many equal ones. */
function identity(value: unknown): unknown {
  return Buffer.isBuffer(value) ? value.toString('hex') : value;
}

/** Turns random numbers into a type: a known one, or a container of such, three levels at most. */
function typeFrom(
  [shape = 0, first = 0, ...rest]: readonly number[],
  known: readonly TypeWithValues[],
): TypeWithValues {
  const plain = known[first % known.length]!;
  if (rest.length < 2) return plain;
  switch (shape % 6) {
    case 0: {
      const element = typeFrom(rest, known);
      return { type: { kind: 'list', element: element.type }, values: fc.array(element.values, { maxLength: 4 }) };
    }
    case 1: {
      const element = BASE[first % BASE.length]!;
      return {
        type: { kind: 'set', element: element.type },
        values: fc.uniqueArray(element.values, { maxLength: 4, selector: identity }).map((items) => new Set(items)),
      };
    }
    case 2: {
      const key = BASE[first % BASE.length]!;
      const value = typeFrom(rest, known);
      return {
        type: { kind: 'map', key: key.type, value: value.type },
        values: fc
          .uniqueArray(fc.tuple(key.values, value.values), { maxLength: 4, selector: ([each]) => identity(each) })
          .map((entries) => new Map(entries)),
      };
    }
    default:
      return plain;
  }
}
