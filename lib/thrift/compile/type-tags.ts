import type { ThriftType } from '../../idl/schema.js';
import { TType } from '../protocol.js';

const TAGS: Record<ThriftType['kind'], number> = {
  bool: TType.BOOL,
  i8: TType.I08,
  i16: TType.I16,
  i32: TType.I32,
  i64: TType.I64,
  double: TType.DOUBLE,
  string: TType.STRING,
  binary: TType.STRING,
  uuid: TType.UUID,
  enum: TType.I32,
  struct: TType.STRUCT,
  list: TType.LIST,
  set: TType.SET,
  map: TType.MAP,
};

/** Returns the tag of a type on the wire: an enum is an i32, binary is a string. */
export function tagOf(type: ThriftType): number {
  return TAGS[type.kind];
}

/**
 * Returns the type as in IDL, which also identifies the type within a schema:
 * `map<string,list<backup.File>>`.
 */
export function typeId(type: ThriftType): string {
  switch (type.kind) {
    case 'list':
    case 'set':
      return `${type.kind}<${typeId(type.element)}>`;
    case 'map':
      return `map<${typeId(type.key)},${typeId(type.value)}>`;
    case 'struct':
    case 'enum':
      return type.id;
    default:
      return type.kind;
  }
}
