import type { ThriftType } from '../../idl/schema.js';
import {
  checkInteger,
  type I64Mode,
  type PlainType,
  type ProtocolSnippets,
  type ReadSnippets,
  type WriteSnippets,
  RELOAD,
  WRITE_METHODS,
} from './snippets.js';
import { tagOf } from './type-tags.js';
import { fieldId } from './identifiers.js';

/**
 * Lists the expressions that read values of fixed size in place: `d` is the view, `b` the bytes,
 * `p` the position.
 */
const FIXED: Partial<Record<PlainType['kind'], readonly [size: number, source: string]>> = {
  bool: [1, 'b[p] !== 0'],
  i8: [1, 'd.getInt8(p)'],
  i16: [2, 'd.getInt16(p)'],
  i32: [4, 'd.getInt32(p)'],
  enum: [4, 'd.getInt32(p)'],
  double: [8, 'd.getFloat64(p)'],
};

/** Lists the reader methods by type. */
const READ_METHODS: Partial<Record<PlainType['kind'], string>> = {
  string: 'readString',
  binary: 'readBinary',
  uuid: 'readUuid',
};

function need(bytes: number): string {
  return `if (p + ${bytes} > end) throw short(r, p, ${bytes});`;
}

function readValue(type: PlainType, target: string, i64: I64Mode): string {
  const exact = type.kind === 'i64' && i64 === 'bigint';
  const fixed = exact ? ([8, 'd.getBigInt64(p)'] as const) : FIXED[type.kind];
  if (!fixed) return `r.pos = p; ${target} = r.${READ_METHODS[type.kind] ?? 'readI64Number'}(); p = r.pos;`;
  const [size, source] = fixed;
  return `${need(size)} ${target} = ${source}; p += ${size};`;
}

/** Provides the decoder snippets of the binary protocol (`doc/specs/thrift-binary-protocol.md`). */
function binaryReadSnippets(i64: I64Mode): ReadSnippets {
  return {
    begin: 'let p = r.pos; const b = r.bytes, d = r.view, end = r.end;',
    end: 'r.pos = p;',
    nextField: [
      `${need(1)} t = b[p]; p += 1;`,
      `if (t !== 0) { ${need(2)} id = (b[p] << 24 >> 16) | b[p + 1]; p += 2; }`,
    ].join('\n'),
    isType: (type) => `t === ${tagOf(type)}`,
    foundType: 't',
    skip: 'r.pos = p; r.skip(t); p = r.pos;',
    field: (type, target) => readValue(type, target, i64),
    element: (type, target) => readValue(type, target, i64),
    call: (fn, target) => `r.pos = p; ${target} = ${fn}(r); p = r.pos;`,
    listSize: (element) => `r.readList(${tagOf(element)})`,
    mapSize: (key, val) => `r.readMap(${tagOf(key)}, ${tagOf(val)})`,
  };
}

/**
 * Counts the bytes of the type tag and field id (`doc/specs/thrift-binary-protocol.md`, Struct
 * encoding).
 */
const FIELD_HEADER = 3;
/**
 * Counts the extra byte of a field header, which is stored as four bytes at once. The value
 * overwrites the last byte.
 */
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

function room(type: ThriftType): number {
  return SIZES[type.kind] ?? 0;
}

function header(type: ThriftType, id: number): string {
  const word = (tagOf(type) << 24) | ((Number(fieldId(id)) & 0xffff) << 8);
  return `d.setInt32(p, ${word}); p += ${FIELD_HEADER};`;
}

function writeValue(type: PlainType, x: string, enumName = ''): string {
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
    default:
      return `w.pos = p; w.${WRITE_METHODS[type.kind]}(${x}); ${RELOAD}`;
  }
}

/** Provides the encoder snippets of the binary protocol (`doc/specs/thrift-binary-protocol.md`). */
const binaryWriteSnippets: WriteSnippets = {
  begin: 'let p = w.pos, b = w.bytes, d = w.view;',
  beginStruct: '',
  end: 'w.pos = p;',
  reserve: (bytes) => `if (p + ${bytes} > b.length) { w.pos = p; w.grow(${bytes}); b = w.bytes; d = w.view; }`,
  fieldRoom: (type) => FIELD_HEADER + SPILL + room(type),
  elementRoom: room,
  moves: (type) => room(type) === 0,
  fieldHeader: (type, { id }) => header(type, id),
  field: (type, { id }, x, enumName) => `${header(type, id)} ${writeValue(type, x, enumName)}`,
  element: writeValue,
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

/** Provides the emitter snippets of the binary protocol. */
export const binarySnippets: ProtocolSnippets = { write: binaryWriteSnippets, read: binaryReadSnippets };
