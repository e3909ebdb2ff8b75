import type { ThriftType } from '../../idl/schema.js';
import { CompactType, compactType } from '../compact/compact-types.js';
import { putVarint, zigzag } from '../compact/varint.js';
import {
  checkInteger,
  type FieldContext,
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

/** Lists the reader methods by type. */
const READ_METHODS: Partial<Record<PlainType['kind'], string>> = {
  i16: 'readI16',
  string: 'readString',
  binary: 'readBinary',
  uuid: 'readUuid',
};

const { TRUE, FALSE } = CompactType;

function codeOf(type: ThriftType): number {
  return compactType(tagOf(type));
}

function need(bytes: number): string {
  return `if (p + ${bytes} > end) throw short(r, p, ${bytes});`;
}

function method(name: string, target: string): string {
  return `r.pos = p; ${target} = r.${name}(); p = r.pos;`;
}

function readValue({ kind }: PlainType, target: string, i64: I64Mode): string {
  switch (kind) {
    case 'bool':
      return `${need(1)} ${target} = b[p] === ${TRUE}; p += 1;`;
    case 'i8':
      return `${need(1)} ${target} = d.getInt8(p); p += 1;`;
    case 'double':
      return `${need(8)} ${target} = d.getFloat64(p, true); p += 8;`;
    case 'i32':
    case 'enum':
      // One byte holds -64 to 63. The reader handles all other values.
      return `if (p < end && b[p] < 128) { ${target} = (b[p] >> 1) ^ -(b[p] & 1); p += 1; } else { ${method('readI32', target)} }`;
    case 'i64':
      return method(i64 === 'bigint' ? 'readI64Big' : 'readI64Number', target);
    default:
      return method(READ_METHODS[kind]!, target);
  }
}

/**
 * Provides the decoder snippets of the compact protocol (`doc/specs/thrift-compact-protocol.md`).
 */
function compactReadSnippets(i64: I64Mode): ReadSnippets {
  return {
    begin: 'let p = r.pos; const b = r.bytes, d = r.view, end = r.end;',
    end: 'r.pos = p;',
    nextField: [
      `${need(1)} t = b[p]; p += 1;`,
      'if ((t & 15) === 0) t = 0;',
      // A delta is added in place only if the new id cannot exceed 16 bits. The reader handles ids
      // near the limit and ids that follow the header.
      `else { if (t > 15 && id <= ${32767 - 15}) id += t >> 4; else { r.pos = p; id = r.nextId(id, t); p = r.pos; } t &= 15; }`,
    ].join('\n'),
    isType: (type) => (type.kind === 'bool' ? `t === ${TRUE} || t === ${FALSE}` : `t === ${codeOf(type)}`),
    foundType: 'compactTypeTag(t)',
    skip: 'r.pos = p; r.skipField(t); p = r.pos;',
    field: (type, target) => (type.kind === 'bool' ? `${target} = t === ${TRUE};` : readValue(type, target, i64)),
    element: (type, target) => readValue(type, target, i64),
    call: (fn, target) => `r.pos = p; ${target} = ${fn}(r); p = r.pos;`,
    listSize: (element) => `r.readList(${codeOf(element)})`,
    mapSize: (key, val) => `r.readMap(${codeOf(key)}, ${codeOf(val)})`,
  };
}

/** Counts the most bytes of a field header: a type, and the id as a varint of 16 bits. */
const FIELD_HEADER = 4;
/** Equals the largest delta between field ids that shares a byte with the type. */
const LARGEST_DELTA = 15;
/**
 * Counts the most bytes of a container header: a byte for its types, and the size as a varint of 32
 * bits.
 */
const CONTAINER_HEADER = 6;

const SIZES: Partial<Record<ThriftType['kind'], number>> = {
  bool: 1,
  i8: 1,
  i16: 3,
  i32: 5,
  enum: 5,
  i64: 10,
  double: 8,
};

function room(type: ThriftType): number {
  return SIZES[type.kind] ?? 0;
}

/**
 * Writes a field header whose type is the expression `code`. Computes the delta from the previous
 * field when the source is emitted, if the previous field is known.
 */
function header(code: string, { id, after }: FieldContext): string {
  const steps = [...after].map((before) => id - before);
  const remember = `last = ${fieldId(id)};`;
  const short = (step: number): boolean => step > 0 && step <= LARGEST_DELTA;
  const only = steps.length === 1 ? steps[0]! << 4 : `(${id} - last) << 4`;
  const joined = `b[p] = ${only} | ${code}; p += 1;`;
  if (steps.every(short)) return `${joined} ${remember}`;
  const apart = `b[p] = ${code}; p += 1; ${constantVarint(zigzag(id))}`;
  if (!steps.some(short)) return `${apart} ${remember}`;
  return `if (last < ${id} && ${id} - last <= ${LARGEST_DELTA}) { ${joined} } else { ${apart} } ${remember}`;
}

function constantVarint(value: number): string {
  const bytes = new Uint8Array(5);
  const size = putVarint(bytes, 0, value);
  const stores = [...bytes.subarray(0, size)].map((byte, i) => `b[p + ${i}] = ${byte};`);
  return `${stores.join(' ')} p += ${size};`;
}

function writeValue(type: PlainType, x: string, enumName = ''): string {
  switch (type.kind) {
    case 'bool':
      return `if (typeof ${x} !== 'boolean') throw wrong('bool', ${x}); b[p] = ${x} ? ${TRUE} : ${FALSE}; p += 1;`;
    case 'i8':
      return `${checkInteger('i8', x)} b[p] = ${x}; p += 1;`;
    case 'i16':
    case 'i32':
      return `${checkInteger(type.kind, x)} p = putVarint(b, p, (${x} << 1) ^ (${x} >> 31));`;
    case 'enum':
      return `{ const e = enumValue(${enumName}, ${x}); p = putVarint(b, p, (e << 1) ^ (e >> 31)); }`;
    case 'i64':
      return `p = putZigzag64(b, p, ${x});`;
    case 'double':
      return `if (typeof ${x} !== 'number') throw wrong('double', ${x}); d.setFloat64(p, ${x}, true); p += 8;`;
    default:
      return `w.pos = p; w.${WRITE_METHODS[type.kind]}(${x}); ${RELOAD}`;
  }
}

function field(type: PlainType, at: FieldContext, x: string, enumName?: string): string {
  if (type.kind !== 'bool') return `${header(String(codeOf(type)), at)} ${writeValue(type, x, enumName)}`;
  const code = `(${x} ? ${TRUE} : ${FALSE})`;
  return `if (typeof ${x} !== 'boolean') throw wrong('bool', ${x}); ${header(code, at)}`;
}

/**
 * Provides the encoder snippets of the compact protocol (`doc/specs/thrift-compact-protocol.md`).
 */
const compactWriteSnippets: WriteSnippets = {
  begin: 'let p = w.pos, b = w.bytes, d = w.view;',
  beginStruct: 'let last = 0;',
  end: 'w.pos = p;',
  reserve: (bytes) => `if (p + ${bytes} > b.length) { w.pos = p; w.grow(${bytes}); b = w.bytes; d = w.view; }`,
  fieldRoom: (type) => FIELD_HEADER + room(type),
  elementRoom: room,
  moves: (type) => room(type) === 0,
  fieldHeader: (type, at) => header(String(codeOf(type)), at),
  field,
  element: writeValue,
  call: (fn, x) => `w.pos = p; ${fn}(w, ${x}); ${RELOAD}`,
  stop: 'b[p] = 0; p += 1;',
  stopRoom: 1,
  listHeader(element, n) {
    return `${this.reserve(CONTAINER_HEADER)} p = putListHeader(b, p, ${codeOf(element)}, ${n});`;
  },
  mapHeader(key, val, n) {
    return `${this.reserve(CONTAINER_HEADER)} p = putMapHeader(b, p, ${(codeOf(key) << 4) | codeOf(val)}, ${n});`;
  },
};

/** Provides the emitter snippets of the compact protocol. */
export const compactSnippets: ProtocolSnippets = { write: compactWriteSnippets, read: compactReadSnippets };
