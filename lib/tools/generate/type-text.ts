import type { ThriftType } from '../../idl/schema.js';
import type { ModuleScope } from './module-scope.js';

/** Types whose values an object's key can stand for, so that a plain object can be a map. */
const OBJECT_KEYS: ReadonlySet<ThriftType['kind']> = new Set([
  ...(['bool', 'i8', 'i16', 'i32', 'i64', 'double', 'string', 'uuid', 'enum'] as const),
]);

/** The TypeScript type of what decoding yields. */
export function outType(scope: ModuleScope, type: ThriftType): string {
  switch (type.kind) {
    case 'bool':
      return 'boolean';
    case 'i64':
      return scope.options.i64;
    case 'string':
    case 'uuid':
      return 'string';
    case 'binary':
      return 'Buffer';
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
      return 'number';
  }
}

/** The TypeScript type of what may be given for encoding. Everything that decoding yields is of it. */
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

/** The type of a constant: what decoding yields, not to be changed. */
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
