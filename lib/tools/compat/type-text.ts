import type { ConstValue, Schema, ThriftType } from '../../idl/schema.js';

/** Formats a type for people: `map<string, list<struct File>>`. */
export function typeText(schema: Schema, type: ThriftType): string {
  switch (type.kind) {
    case 'list':
    case 'set':
      return `${type.kind}<${typeText(schema, type.element)}>`;
    case 'map':
      return `map<${typeText(schema, type.key)}, ${typeText(schema, type.value)}>`;
    case 'struct':
      return structText(schema, type.id);
    case 'enum':
      return `enum ${schema.enums.get(type.id)?.name ?? type.id}`;
    default:
      return type.kind;
  }
}

function structText({ structs }: Schema, id: string): string {
  const { kind, name } = structs.get(id) ?? { kind: 'struct', name: id };
  return `${kind} ${name}`;
}

/** Formats a type as the wire carries it: an enum is an i32, and text has the tag of bytes. */
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

/** Formats a default for people: `nothing` without a default. */
export function defaultText(schema: Schema, type: ThriftType, value: ConstValue | undefined): string {
  if (value === undefined) return 'nothing';
  const member = type.kind === 'enum' ? memberText(schema, type.id, value) : undefined;
  if (member !== undefined) return member;
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return typeof value === 'object' ? `a ${typeText(schema, type)}` : String(value);
}

function memberText({ enums }: Schema, id: string, value: ConstValue): string | undefined {
  const declared = enums.get(id);
  for (const [name, number] of declared?.values ?? []) if (number === value) return `${declared?.name}.${name}`;
  return undefined;
}
