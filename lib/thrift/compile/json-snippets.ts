import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isQuotedKey,
  jsonTypeName,
  OPEN_OBJECT,
  QUOTE,
} from '../json/json-syntax.js';
import type { ThriftType } from '../../idl/schema.js';
import { NUMBER_ROOM } from '../json/json-slab.js';
import {
  type FieldContext,
  type I64Mode,
  type PlainType,
  type ProtocolSnippets,
  type ReadSnippets,
  type WriteSnippets,
  RELOAD,
} from './snippets.js';
import { tagOf } from './type-tags.js';
import { fieldId } from './identifiers.js';

/** Lists the reader methods by type. The reader keeps the position itself. */
const METHODS: Record<PlainType['kind'], string> = {
  bool: 'bool',
  i8: 'i8',
  i16: 'i16',
  i32: 'i32',
  enum: 'i32',
  i64: 'i64',
  double: 'double',
  string: 'string',
  binary: 'binary',
  uuid: 'uuid',
};

function method({ kind }: PlainType, i64: I64Mode): string {
  return kind === 'i64' && i64 === 'number' ? 'i64Number' : METHODS[kind];
}

function readValue(type: PlainType, target: string, i64: I64Mode): string {
  const read = `${target} = r.${method(type, i64)}();`;
  return isQuotedKey(tagOf(type)) ? `r.blanks(); ${read}` : read;
}

function readKey(type: PlainType, target: string, i64: I64Mode): string {
  if (!isQuotedKey(tagOf(type))) return readValue(type, target, i64);
  const name = type.kind === 'double' ? 'quotedDouble' : method(type, i64);
  return `r.expect(${QUOTE}); ${target} = r.${name}(); r.expectQuote();`;
}

/** Provides the decoder snippets of the JSON protocol (`TJSONProtocol.cpp`). */
function jsonReadSnippets(i64: I64Mode): ReadSnippets {
  return {
    begin: '',
    end: '',
    nextField: 't = r.nextField(t); id = r.id;',
    isType: (type) => `t === ${tagOf(type)}`,
    foundType: 't',
    skip: 'r.skipValue(t);',
    field: (type, target) => readValue(type, target, i64),
    element: (type, target) => readValue(type, target, i64),
    key: (type, target) => readKey(type, target, i64),
    marks: {
      fieldEnd: '',
      element: `r.expect(${COMMA});`,
      key: `if (i > 0) r.expect(${COMMA});`,
      value: `r.expect(${COLON});`,
      listEnd: `r.expect(${CLOSE_LIST});`,
      mapEnd: 'r.mapTail();',
    },
    call: (fn, target) => `${target} = ${fn}(r);`,
    listSize: (element) => `r.readList(${tagOf(element)})`,
    mapSize: (mapKey, val) => `r.readMap(${tagOf(mapKey)}, ${tagOf(val)})`,
  };
}

/**
 * Reserves bytes for `,"-32768":{"i32":`, for the spill of stores of four characters, and for the
 * closing brace after the value.
 */
const HEADER_ROOM = 24;
/** Reserves bytes for `["str","str",-2147483648,{` and the spill of stores of four characters. */
const CONTAINER_ROOM = 32;

/** Lists the writer methods that write into space already reserved. */
const PUT: Partial<Record<PlainType['kind'], string>> = {
  bool: 'putBool',
  i8: 'putI8',
  i16: 'putI16',
  i32: 'putI32',
  i64: 'putI64',
  double: 'putDouble',
};

/** Lists the writer methods that reserve their own space. */
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

/** Emits stores of four characters at once into reserved space. The last store may spill. */
function constant(text: string): string {
  const codes = Buffer.from(text.padEnd(Math.ceil(text.length / 4) * 4, '\0'), 'latin1');
  const stores: string[] = [];
  for (let at = 0; at < codes.length; at += 4) stores.push(`d.setInt32(p + ${at}, ${codes.readInt32BE(at)});`);
  return `${stores.join(' ')} p += ${text.length};`;
}

function store(code: number): string {
  return `b[p] = ${code}; p += 1;`;
}

/** Emits the store of one character and reserves its space. */
function mark(code: number): string {
  return `${reserve(1)} ${store(code)}`;
}

function writeValue(type: PlainType, x: string, enumName = ''): string {
  if (type.kind === 'enum') return `p = w.putInteger(p, enumValue(${enumName}, ${x}));`;
  const append = APPEND[type.kind];
  return append ? `w.pos = p; w.${append}(${x}); ${RELOAD}` : `p = w.${PUT[type.kind]}(p, ${x});`;
}

function writeKey(type: PlainType, x: string, enumName?: string): string {
  if (type.kind === 'double') return `p = w.putDoubleKey(p, ${x});`;
  if (!isQuotedKey(tagOf(type))) return writeValue(type, x, enumName);
  return `${store(QUOTE)} ${writeValue(type, x, enumName)} ${store(QUOTE)}`;
}

/**
 * Emits the header of a field, which begins with a comma. At the end of the struct, the first
 * field's comma becomes the opening brace.
 */
function header(type: ThriftType, { id }: FieldContext): string {
  return constant(`,"${fieldId(id)}":{"${typeName(type)}":`);
}

function typeName(type: ThriftType): string {
  return jsonTypeName(tagOf(type))!;
}

/** Provides the encoder snippets of the JSON protocol (`TJSONProtocol.cpp`). */
const jsonWriteSnippets: WriteSnippets = {
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
    return `${header(type, at)} ${writeValue(type, x, enumName)} ${end}`;
  },
  element: writeValue,
  key: writeKey,
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

/** Provides the emitter snippets of the JSON protocol. */
export const jsonSnippets: ProtocolSnippets = { write: jsonWriteSnippets, read: jsonReadSnippets };
