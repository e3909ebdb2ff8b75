import { CLOSE_LIST, COLON, COMMA, QUOTE } from '../json/json-codes.js';
import { isQuotedKey } from '../json/json-types.js';
import type { I64Mode, PlainType, ReadSnippets } from './snippets.js';
import { tagOf } from './type-tags.js';

/** The methods of the reader, which keeps the position itself. */
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

function value(type: PlainType, target: string, i64: I64Mode): string {
  const read = `${target} = r.${method(type, i64)}();`;
  return isQuotedKey(tagOf(type)) ? `r.blanks(); ${read}` : read;
}

function key(type: PlainType, target: string, i64: I64Mode): string {
  if (!isQuotedKey(tagOf(type))) return value(type, target, i64);
  const name = type.kind === 'double' ? 'quotedDouble' : method(type, i64);
  return `r.expect(${QUOTE}); ${target} = r.${name}(); r.expectQuote();`;
}

/** The JSON protocol's part of decoders (`TJSONProtocol.cpp`). */
export function jsonReadSnippets(i64: I64Mode): ReadSnippets {
  return {
    begin: '',
    end: '',
    nextField: 't = r.nextField(t); id = r.id;',
    isType: (type) => `t === ${tagOf(type)}`,
    foundType: 't',
    skip: 'r.skipValue(t);',
    field: (type, target) => value(type, target, i64),
    element: (type, target) => value(type, target, i64),
    key: (type, target) => key(type, target, i64),
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
