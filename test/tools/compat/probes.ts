import type { FieldSchema, Schema, StructSchema, ThriftType } from '#lib/idl/schema.js';

/** How far structs are filled in that hold themselves. */
const DEPTH = 5;

/**
 * Values of a type that together have each field of each struct set and not set, each member of each union, each value of each enum,
 * and containers with and without elements. The first has the most in it.
 */
export function probesOf(schema: Schema, type: ThriftType, depth = DEPTH): readonly unknown[] {
  switch (type.kind) {
    case 'bool':
      return [true, false];
    case 'i64':
      return [64n];
    case 'double':
      return [0.5];
    case 'string':
      return ['text', 'größer'];
    case 'binary':
      return [Buffer.from([0xff, 0xfe]), Buffer.from('text')];
    case 'uuid':
      return ['00112233-4455-6677-8899-aabbccddeeff'];
    case 'enum':
      return [...new Set(schema.enums.get(type.id)!.values.values())];
    case 'list':
      return depth === 0 ? [[]] : [...probesOf(schema, type.element, depth).map((element) => [element]), []];
    case 'set':
      return depth === 0 ? [new Set()] : probesOf(schema, type.element, depth).map((element) => new Set([element]));
    case 'map': {
      if (depth === 0) return [new Map()];
      const keys = probesOf(schema, type.key, depth);
      const values = probesOf(schema, type.value, depth);
      return [...values.map((value) => new Map([[keys[0], value]])), ...keys.map((key) => new Map([[key, values[0]]]))];
    }
    case 'struct':
      return structProbes(schema, schema.structs.get(type.id)!, depth);
    default:
      return [7];
  }
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
