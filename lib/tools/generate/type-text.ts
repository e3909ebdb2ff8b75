import type { BaseTypeName, ThriftType } from '../../idl/schema.js';
import type { ModuleScope } from './module-scope.js';

/** Key types whose values fit in the keys of an object, so that a plain object can be a map. */
const OBJECT_KEYS: ReadonlySet<ThriftType['kind']> = new Set([
  ...(['bool', 'i8', 'i16', 'i32', 'i64', 'double', 'string', 'uuid', 'enum'] as const),
]);

const SCALARS: Readonly<Record<Exclude<BaseTypeName, 'i64'>, string>> = {
  bool: 'boolean',
  i8: 'number',
  i16: 'number',
  i32: 'number',
  double: 'number',
  string: 'string',
  uuid: 'string',
  binary: 'Buffer',
};

/** Writes the TypeScript type of decoded values. */
export function outType(scope: ModuleScope, type: ThriftType): string {
  switch (type.kind) {
    case 'i64':
      return scope.options.i64;
    case 'list':
      return `${outType(scope, type.element)}[]`;
    case 'set':
      return `Set<${outType(scope, type.element)}>`;
    case 'map':
      return `Map<${outType(scope, type.key)}, ${outType(scope, type.value)}>`;
    case 'struct':
    case 'enum':
      return scope.typeName(type.id, 'out');
    default:
      return SCALARS[type.kind];
  }
}

/** Writes the TypeScript type of values to encode. The type accepts decoded values too. */
export function inputType(scope: ModuleScope, type: ThriftType): string {
  switch (type.kind) {
    case 'i64':
      return scope.use('I64Input');
    case 'binary':
      return scope.use('BinaryInput');
    case 'list': {
      const element = inputType(scope, type.element);
      return `readonly ${element.startsWith('readonly ') ? `(${element})` : element}[]`;
    }
    case 'set':
      return `${scope.use('SetInput')}<${inputType(scope, type.element)}>`;
    case 'map': {
      const name = scope.use(OBJECT_KEYS.has(type.key.kind) ? 'MapInput' : 'PairsInput');
      return `${name}<${inputType(scope, type.key)}, ${inputType(scope, type.value)}>`;
    }
    case 'struct':
    case 'enum':
      return scope.typeName(type.id, 'input');
    default:
      return outType(scope, type);
  }
}

/** Writes the TypeScript type of a constant: that of decoded values, read-only. */
export function constantType(scope: ModuleScope, type: ThriftType): string {
  const text = outType(scope, type);
  switch (type.kind) {
    case 'list':
      return `readonly ${text}`;
    case 'set':
    case 'map':
      return `Readonly${text}`;
    case 'struct':
      return `Readonly<${text}>`;
    default:
      return text;
  }
}
