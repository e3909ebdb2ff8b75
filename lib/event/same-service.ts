import type { EnumSchema, FieldSchema, StructSchema, ThriftService, ThriftType } from '../idl/schema.js';

/**
 * True if two services have the same name and the same oneway methods, down to the fields of every
 * struct. Files, comments, annotations and defaults may differ.
 */
export function isSameService(one: ThriftService, other: ThriftService): boolean {
  return one === other || (one.name === other.name && shapeOf(one) === shapeOf(other));
}

function shapeOf({ functions, schema }: ThriftService): string {
  const structs = new Map<string, number>();
  const shapes: unknown[] = [];
  const fieldOf = ({ id, name, type, requiredness }: FieldSchema): unknown => [id, name, requiredness, typeOf(type)];
  const membersOf = ({ values }: EnumSchema): unknown => [...values];
  const structOf = ({ id, name, kind, fields }: StructSchema): number => {
    const known = structs.get(id);
    if (known !== undefined) return known;
    const index = structs.size;
    // Noted before its fields, since a struct may contain itself.
    structs.set(id, index);
    shapes[index] = [name, kind, fields.map(fieldOf)];
    return index;
  };
  const typeOf = (type: ThriftType): unknown => {
    switch (type.kind) {
      case 'list':
      case 'set':
        return [type.kind, typeOf(type.element)];
      case 'map':
        return [type.kind, typeOf(type.key), typeOf(type.value)];
      case 'struct':
        return [type.kind, structOf(schema.structs.get(type.id)!)];
      case 'enum':
        return [type.kind, membersOf(schema.enums.get(type.id)!)];
      default:
        return type.kind;
    }
  };
  const methods = [...functions.values()]
    .filter(({ oneway }) => oneway)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, args }) => [name, args.fields.map(fieldOf)]);
  return JSON.stringify([methods, shapes]);
}
