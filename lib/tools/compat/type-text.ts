import type { ConstValue, Schema, ThriftType } from '../../idl/schema.js';

/** A type for people: `map<string, list<struct File>>`. */
export function typeText(schema: Schema, type: ThriftType): string {
  switch (type.kind) {
    case 'list':
    case 'set':
      return `${type.kind}<${typeText(schema, type.element)}>`;
    case 'map':
      return `map<${typeText(schema, type.key)}, ${typeText(schema, type.value)}>`;
    case 'struct': {
      const struct = schema.structs.get(type.id);
      return `${struct?.kind ?? type.kind} ${struct?.name ?? type.id}`;
    }
    case 'enum':
      return `enum ${schema.enums.get(type.id)?.name ?? type.id}`;
    default:
      return type.kind;
  }
}

/** What the wire says of a type's values: an enum is an i32, and text has the tag of bytes. */
export function wireText(type: ThriftType): string {
  switch (type.kind) {
    case 'list':
    case 'set':
      return `${type.kind}<${wireText(type.element)}>`;
    case 'map':
      return `map<${wireText(type.key)},${wireText(type.value)}>`;
    case 'enum':
      return 'i32';
    case 'binary':
      return 'string';
    default:
      return type.kind;
  }
}

/** A default for people, `nothing` where there is none. */
export function defaultText(schema: Schema, type: ThriftType, value: ConstValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (type.kind === 'enum') {
    const found = schema.enums.get(type.id);
    for (const [name, number] of found?.values ?? []) if (number === value) return `${found?.name}.${name}`;
  }
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return typeof value === 'object' ? `a ${typeText(schema, type)}` : String(value);
}
