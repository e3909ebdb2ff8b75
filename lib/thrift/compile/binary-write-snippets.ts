import type { ThriftType } from '../../idl/schema.js';
import type { PlainType, WriteSnippets } from './snippets.js';
import { checkInteger } from './check-integer.js';
import { fieldId } from './identifiers.js';
import { tagOf } from './type-tags.js';

/** Type tag and field id (`doc/specs/thrift-binary-protocol.md`, Struct encoding). */
const FIELD_HEADER = 3;
/** A field header is stored as four bytes at once, the last of which the value overwrites. */
const SPILL = 1;

const SIZES: Partial<Record<ThriftType['kind'], number>> = {
  bool: 1,
  i8: 1,
  i16: 2,
  i32: 4,
  enum: 4,
  i64: 8,
  double: 8,
};

/** `w` keeps the position while `p`, `b` and `d` are the locals: position, bytes, and a view of the same memory. */
const RELOAD = 'p = w.pos; b = w.bytes; d = w.view;';

function room(type: ThriftType): number {
  return SIZES[type.kind] ?? 0;
}

function header(type: ThriftType, id: number): string {
  const word = (tagOf(type) << 24) | ((Number(fieldId(id)) & 0xffff) << 8);
  return `d.setInt32(p, ${word}); p += ${FIELD_HEADER};`;
}

function value(type: PlainType, x: string, enumName = ''): string {
  switch (type.kind) {
    case 'bool':
      return `if (typeof ${x} !== 'boolean') throw wrong('bool', ${x}); b[p] = ${x} ? 1 : 0; p += 1;`;
    case 'i8':
      return `${checkInteger('i8', x)} b[p] = ${x}; p += 1;`;
    case 'i16':
      return `${checkInteger('i16', x)} d.setInt16(p, ${x}); p += 2;`;
    case 'i32':
      return `${checkInteger('i32', x)} d.setInt32(p, ${x}); p += 4;`;
    case 'enum':
      return `d.setInt32(p, enumValue(${enumName}, ${x})); p += 4;`;
    case 'i64':
      return `putI64(d, p, ${x}); p += 8;`;
    case 'double':
      return `if (typeof ${x} !== 'number') throw wrong('double', ${x}); d.setFloat64(p, ${x}); p += 8;`;
    case 'string':
      return `w.pos = p; w.writeString(${x}); ${RELOAD}`;
    case 'binary':
      return `w.pos = p; w.writeBinary(${x}); ${RELOAD}`;
    case 'uuid':
      return `w.pos = p; w.writeUuid(${x}); ${RELOAD}`;
  }
}

/** The binary protocol's part of encoders (`doc/specs/thrift-binary-protocol.md`). */
export const binaryWriteSnippets: WriteSnippets = {
  begin: 'let p = w.pos, b = w.bytes, d = w.view;',
  beginStruct: '',
  end: 'w.pos = p;',
  reserve: (bytes) => `if (p + ${bytes} > b.length) { w.pos = p; w.grow(${bytes}); b = w.bytes; d = w.view; }`,
  fieldRoom: (type) => FIELD_HEADER + SPILL + room(type),
  elementRoom: room,
  moves: (type) => room(type) === 0,
  fieldHeader: (type, { id }) => header(type, id),
  field: (type, { id }, x, enumName) => `${header(type, id)} ${value(type, x, enumName)}`,
  element: value,
  call: (fn, x) => `w.pos = p; ${fn}(w, ${x}); ${RELOAD}`,
  stop: 'b[p] = 0; p += 1;',
  stopRoom: 1,
  listHeader(element, n) {
    return `${this.reserve(5)} b[p] = ${tagOf(element)}; d.setInt32(p + 1, ${n}); p += 5;`;
  },
  mapHeader(key, val, n) {
    return `${this.reserve(6)} b[p] = ${tagOf(key)}; b[p + 1] = ${tagOf(val)}; d.setInt32(p + 2, ${n}); p += 6;`;
  },
};
