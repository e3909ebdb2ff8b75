import type { ValueNode } from './ast.js';
import type { Resolver } from './resolver.js';
import type { ThriftType } from './schema.js';

/** A type in a message: `map<string, i32>`, `struct "File"`. */
export function describeType(resolver: Resolver, type: ThriftType): string {
  switch (type.kind) {
    case 'list':
    case 'set':
      return `${type.kind}<${describeType(resolver, type.element)}>`;
    case 'map':
      return `map<${describeType(resolver, type.key)}, ${describeType(resolver, type.value)}>`;
    case 'struct':
    case 'enum': {
      const node = resolver.declared.get(type.id)?.node;
      return `${node?.kind ?? type.kind} "${node?.name.text ?? type.id}"`;
    }
    default:
      return type.kind;
  }
}

const VALUES: Readonly<Record<ValueNode['kind'], string>> = {
  integer: 'an integer',
  double: 'a double',
  string: 'a string',
  reference: 'a reference',
  list: 'a list in [ ]',
  map: 'a map in { }',
};

/** A value in a message, by its shape alone. */
export function describeValue(node: ValueNode): string {
  return VALUES[node.kind];
}
