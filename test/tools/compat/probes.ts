import type { FieldSchema, Schema, StructSchema, ThriftType } from '#lib/idl/schema.js';

/** Limits the depth to which recursive structs are filled in. */
const DEPTH = 5;

/** Values of the types without parts; integers are all like `i8`, but for `i64`. */
const PLAIN: Readonly<Partial<Record<ThriftType['kind'], readonly unknown[]>>> = {
  bool: [true, false],
  i64: [64n],
  double: [0.5],
  string: ['text', 'größer'],
  binary: [Buffer.from([0xff, 0xfe]), Buffer.from('text')],
  uuid: ['00112233-4455-6677-8899-aabbccddeeff'],
};

/**
 * Values of a type that together have each field of each struct set and not set, each member of each union, each value of each enum,
 * and containers with and without elements. The first has the most in it.
 */
function probesOf(schema: Schema, type: ThriftType, depth = DEPTH): readonly unknown[] {
  switch (type.kind) {
    case 'enum':
      return [...new Set(schema.enums.get(type.id)!.values.values())];
    case 'list':
    case 'set':
    case 'map':
      return depth === 0 ? [EMPTY[type.kind]()] : containerProbes(schema, type, depth);
    case 'struct':
      return structProbes(schema, schema.structs.get(type.id)!, depth);
    default:
      return PLAIN[type.kind] ?? [7];
  }
}

type ContainerType = Extract<ThriftType, { readonly kind: 'list' | 'set' | 'map' }>;

const EMPTY: Readonly<Record<ContainerType['kind'], () => unknown>> = {
  list: () => [],
  set: () => new Set(),
  map: () => new Map(),
};

function containerProbes(schema: Schema, type: ContainerType, depth: number): readonly unknown[] {
  if (type.kind === 'map') return mapProbes(probesOf(schema, type.key, depth), probesOf(schema, type.value, depth));
  const elements = probesOf(schema, type.element, depth);
  if (type.kind === 'set') return elements.map((element) => new Set([element]));
  return [...elements.map((element) => [element]), []];
}

function mapProbes(keys: readonly unknown[], values: readonly unknown[]): readonly unknown[] {
  return [...values.map((value) => new Map([[keys[0], value]])), ...keys.map((key) => new Map([[key, values[0]]]))];
}

/** Values of a struct, or of the parameters of a function. */
export function structProbes(schema: Schema, struct: StructSchema, depth = DEPTH): readonly object[] {
  const fields = struct.fields.filter((field) => depth > 0 || isFlat(field) || field.requiredness === 'required');
  const values = new Map(fields.map((field) => [field, probesOf(schema, field.type, Math.max(0, depth - 1))]));
  if (struct.kind === 'union') {
    return [...values].flatMap(([{ name }, probes]) => probes.map((probe) => ({ [name]: probe })));
  }
  const objectOf = (chosen: readonly FieldSchema[]): object =>
    Object.fromEntries(chosen.map((field) => [field.name, values.get(field)![0]]));
  const full = objectOf(fields);
  return [
    full,
    objectOf(fields.filter(({ requiredness }) => requiredness === 'required')),
    ...fields
      .filter(({ requiredness }) => requiredness !== 'required')
      .map((left) => objectOf(fields.filter((field) => field !== left))),
    ...[...values].flatMap(([{ name }, [, ...others]]) => others.map((other) => ({ ...full, [name]: other }))),
  ];
}

function isFlat({ type }: FieldSchema): boolean {
  return type.kind !== 'struct';
}
