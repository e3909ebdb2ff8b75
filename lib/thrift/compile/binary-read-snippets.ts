import type { I64Mode, PlainType, ReadSnippets } from './snippets.js';
import { tagOf } from './type-tags.js';

/** How a value of fixed size is read in place, given what `d` (the view) and `b` (the bytes) hold at `p`. */
const FIXED: Partial<Record<PlainType['kind'], readonly [size: number, source: string]>> = {
  bool: [1, 'b[p] !== 0'],
  i8: [1, 'd.getInt8(p)'],
  i16: [2, 'd.getInt16(p)'],
  i32: [4, 'd.getInt32(p)'],
  enum: [4, 'd.getInt32(p)'],
  double: [8, 'd.getFloat64(p)'],
};

/** Values read by a method of the reader. */
const METHODS: Partial<Record<PlainType['kind'], string>> = {
  string: 'readString',
  binary: 'readBinary',
  uuid: 'readUuid',
};

function need(bytes: number): string {
  return `if (p + ${bytes} > end) throw short(r, p, ${bytes});`;
}

function value(type: PlainType, target: string, i64: I64Mode): string {
  const exact = type.kind === 'i64' && i64 === 'bigint';
  const fixed = exact ? ([8, 'd.getBigInt64(p)'] as const) : FIXED[type.kind];
  if (!fixed) return `r.pos = p; ${target} = r.${METHODS[type.kind] ?? 'readI64Number'}(); p = r.pos;`;
  const [size, source] = fixed;
  return `${need(size)} ${target} = ${source}; p += ${size};`;
}

/** The binary protocol's part of decoders (`doc/specs/thrift-binary-protocol.md`). */
export function binaryReadSnippets(i64: I64Mode): ReadSnippets {
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
    field: (type, target) => value(type, target, i64),
    element: (type, target) => value(type, target, i64),
    call: (fn, target) => `r.pos = p; ${target} = ${fn}(r); p = r.pos;`,
    listSize: (element) => `r.readList(${tagOf(element)})`,
    mapSize: (key, val) => `r.readMap(${tagOf(key)}, ${tagOf(val)})`,
  };
}
