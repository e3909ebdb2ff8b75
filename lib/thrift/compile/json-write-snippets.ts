import type { ThriftType } from '../../idl/schema.js';
import { CLOSE_LIST, CLOSE_OBJECT, COLON, COMMA, OPEN_OBJECT, QUOTE } from '../json/json-codes.js';
import { NUMBER_ROOM } from '../json/json-slab.js';
import { isQuotedKey, jsonTypeName } from '../json/json-types.js';
import { fieldId } from './identifiers.js';
import type { FieldPlace, PlainType, WriteSnippets } from './snippets.js';
import { tagOf } from './type-tags.js';

/** `,"-32768":{"i32":` and what storing it by four characters spills behind it, and the brace behind the value. */
const HEADER_ROOM = 24;
/** `["str","str",-2147483648,{` likewise. */
const CONTAINER_ROOM = 32;

/** `w` keeps the position while `p`, `b` and `d` are the locals: position, bytes, and a view of the same memory. */
const RELOAD = 'p = w.pos; b = w.bytes; d = w.view;';

/** Methods that write a value where room is reserved for it. */
const PUT: Partial<Record<PlainType['kind'], string>> = {
  bool: 'putBool',
  i8: 'putI8',
  i16: 'putI16',
  i32: 'putI32',
  i64: 'putI64',
  double: 'putDouble',
};

/** Methods that reserve for themselves. */
const APPEND: Partial<Record<PlainType['kind'], string>> = {
  string: 'appendString',
  binary: 'appendBinary',
  uuid: 'appendUuid',
};

function reserve(bytes: number): string {
  return `if (p + ${bytes} > b.length) { w.pos = p; w.grow(${bytes}); b = w.bytes; d = w.view; }`;
}

function moves(type: ThriftType): boolean {
  return type.kind !== 'enum' && PUT[type.kind as PlainType['kind']] === undefined;
}

/** Stores characters for which room is reserved, four at once; the last store may spill. */
function constant(text: string): string {
  const codes = Buffer.from(text.padEnd(Math.ceil(text.length / 4) * 4, '\0'), 'latin1');
  const stores: string[] = [];
  for (let at = 0; at < codes.length; at += 4) stores.push(`d.setInt32(p + ${at}, ${codes.readInt32BE(at)});`);
  return `${stores.join(' ')} p += ${text.length};`;
}

/** Stores one character. */
function store(code: number): string {
  return `b[p] = ${code}; p += 1;`;
}

/** The same at a place that has no room reserved. */
function mark(code: number): string {
  return `${reserve(1)} ${store(code)}`;
}

function value(type: PlainType, x: string, enumName = ''): string {
  if (type.kind === 'enum') return `p = w.putInteger(p, enumValue(${enumName}, ${x}));`;
  const append = APPEND[type.kind];
  return append ? `w.pos = p; w.${append}(${x}); ${RELOAD}` : `p = w.${PUT[type.kind]}(p, ${x});`;
}

function key(type: PlainType, x: string, enumName?: string): string {
  if (type.kind === 'double') return `p = w.putDoubleKey(p, ${x});`;
  if (!isQuotedKey(tagOf(type))) return value(type, x, enumName);
  return `${store(QUOTE)} ${value(type, x, enumName)} ${store(QUOTE)}`;
}

/** The comma that every field begins with becomes the opening brace in the first, when the struct is complete. */
function header(type: ThriftType, { id }: FieldPlace): string {
  return constant(`,"${fieldId(id)}":{"${typeName(type)}":`);
}

function typeName(type: ThriftType): string {
  return jsonTypeName(tagOf(type))!;
}

/** The JSON protocol's part of encoders (`TJSONProtocol.cpp`). */
export const jsonWriteSnippets: WriteSnippets = {
  begin: 'let p = w.pos, b = w.bytes, d = w.view;',
  beginStruct: 'const open = p;',
  end: 'w.pos = p;',
  reserve,
  fieldRoom: (type) => HEADER_ROOM + (moves(type) ? 0 : NUMBER_ROOM),
  elementRoom: (type) => (moves(type) ? 0 : NUMBER_ROOM),
  moves,
  fieldHeader: header,
  field(type, at, x, enumName) {
    const end = moves(type) ? mark(CLOSE_OBJECT) : store(CLOSE_OBJECT);
    return `${header(type, at)} ${value(type, x, enumName)} ${end}`;
  },
  element: value,
  key,
  call: (fn, x) => `w.pos = p; ${fn}(w, ${x}); ${RELOAD}`,
  marks: {
    fieldEnd: ` ${mark(CLOSE_OBJECT)}`,
    element: mark(COMMA),
    key: mark(COMMA),
    value: mark(COLON),
    listEnd: mark(CLOSE_LIST),
    // As with structs, the first key's comma becomes the brace.
    mapEnd: `${reserve(3)} if (p === open) p += 1; b[open] = ${OPEN_OBJECT}; b[p] = ${CLOSE_OBJECT}; b[p + 1] = ${CLOSE_LIST}; p += 2;`,
  },
  stop: `if (p === open) p += 1; b[open] = ${OPEN_OBJECT}; b[p] = ${CLOSE_OBJECT}; p += 1;`,
  stopRoom: 2,
  listHeader: (element, n) =>
    `${reserve(CONTAINER_ROOM)} ${constant(`["${typeName(element)}",`)} p = w.putInteger(p, ${n});`,
  mapHeader: (mapKey, val, n) =>
    `${reserve(CONTAINER_ROOM)} ${constant(`["${typeName(mapKey)}","${typeName(val)}",`)} p = w.putInteger(p, ${n}); ${store(COMMA)} const open = p;`,
};
