import type { ThriftType } from '../../idl/schema.js';
import { CompactType, compactType } from '../compact/compact-types.js';
import type { I64Mode, PlainType, ReadSnippets } from './snippets.js';
import { tagOf } from './type-tags.js';

/** Values read by a method of the reader. */
const METHODS: Partial<Record<PlainType['kind'], string>> = {
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

function value({ kind }: PlainType, target: string, i64: I64Mode): string {
  switch (kind) {
    case 'bool':
      return `${need(1)} ${target} = b[p] === ${TRUE}; p += 1;`;
    case 'i8':
      return `${need(1)} ${target} = d.getInt8(p); p += 1;`;
    case 'double':
      return `${need(8)} ${target} = d.getFloat64(p, true); p += 8;`;
    case 'i32':
    case 'enum':
      // One byte holds -64 to 63; anything else is left to the reader.
      return `if (p < end && b[p] < 128) { ${target} = (b[p] >> 1) ^ -(b[p] & 1); p += 1; } else { ${method('readI32', target)} }`;
    case 'i64':
      return method(i64 === 'bigint' ? 'readI64Big' : 'readI64Number', target);
    default:
      return method(METHODS[kind]!, target);
  }
}

/** The compact protocol's part of decoders (`doc/specs/thrift-compact-protocol.md`). */
export function compactReadSnippets(i64: I64Mode): ReadSnippets {
  return {
    begin: 'let p = r.pos; const b = r.bytes, d = r.view, end = r.end;',
    end: 'r.pos = p;',
    nextField: [
      `${need(1)} t = b[p]; p += 1;`,
      'if ((t & 15) === 0) t = 0;',
      // A step that stays within 16 bits from any id so far; what is nearer the end, or has its id behind it, is left to the reader.
      `else { if (t > 15 && id <= ${32767 - 15}) id += t >> 4; else { r.pos = p; id = r.nextId(id, t); p = r.pos; } t &= 15; }`,
    ].join('\n'),
    isType: (type) => (type.kind === 'bool' ? `t === ${TRUE} || t === ${FALSE}` : `t === ${codeOf(type)}`),
    foundType: 'compactTypeTag(t)',
    skip: 'r.pos = p; r.skipField(t); p = r.pos;',
    field: (type, target) => (type.kind === 'bool' ? `${target} = t === ${TRUE};` : value(type, target, i64)),
    element: (type, target) => value(type, target, i64),
    call: (fn, target) => `r.pos = p; ${target} = ${fn}(r); p = r.pos;`,
    listSize: (element) => `r.readList(${codeOf(element)})`,
    mapSize: (key, val) => `r.readMap(${codeOf(key)}, ${codeOf(val)})`,
  };
}
