import type { ValueNode } from './ast.js';
import type { ThriftType } from './schema.js';

/** Maps ids to the declarations that provide a type's name. */
interface Declarations {
  readonly declared: ReadonlyMap<
    string,
    { readonly node: { readonly kind: string; readonly name: { readonly text: string } } }
  >;
}

/** Describes a type for an error message: `map<string, i32>`, `struct "File"`. */
export function describeType(resolver: Declarations, type: ThriftType): string {
  switch (type.kind) {
    case 'list':
    case 'set':
      return `${type.kind}<${describeType(resolver, type.element)}>`;
    case 'map':
      return `map<${describeType(resolver, type.key)}, ${describeType(resolver, type.value)}>`;
    case 'struct':
    case 'enum':
      return describeDeclared(resolver, type);
    default:
      return type.kind;
  }
}

function describeDeclared(
  resolver: Declarations,
  { kind, id }: { readonly kind: string; readonly id: string },
): string {
  const node = resolver.declared.get(id)?.node;
  return node === undefined ? `${kind} "${id}"` : `${node.kind} "${node.name.text}"`;
}

const VALUES: Readonly<Record<ValueNode['kind'], string>> = {
  integer: 'an integer',
  double: 'a double',
  string: 'a string',
  reference: 'a reference',
  list: 'a list in [ ]',
  map: 'a map in { }',
};

/** Describes a value's shape for an error message. */
export function describeValue(node: ValueNode): string {
  return VALUES[node.kind];
}
