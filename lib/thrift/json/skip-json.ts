import { ThriftReadError } from '../errors.js';
import { TType } from '../protocol.js';
import { typeName } from '../type-names.js';
import { CLOSE_LIST, COLON, COMMA, isQuotedKey, QUOTE } from './json-syntax.js';

/** Lists the methods of a JSON cursor that skipping needs. */
interface SkippingCursor {
  depth: number;
  open: number;
  readonly size: number;
  enter(elements: number): void;
  blanks(): void;
  expect(code: number): void;
  expectQuote(): void;
  nextField(before: number): number;
  listHead(): number;
  mapHead(): readonly [ktype: number, vtype: number];
  mapTail(): void;
  quotedDouble(): unknown;
  bool(): unknown;
  i8(): unknown;
  i16(): unknown;
  i32(): unknown;
  i64(): unknown;
  double(): unknown;
  uuid(): unknown;
  textOrBytes(): unknown;
}

/**
 * Moves a cursor past one value of a type tag, with the same checks and limits as reading the
 * value. A string may be the base64 of a binary value, because both have the same type tag, so the
 * limit of its size is that of base64.
 */
export function skipJson(cursor: SkippingCursor, type: number): void {
  switch (type) {
    case TType.STRUCT:
      cursor.enter(1);
      for (let field = cursor.nextField(0); field !== TType.STOP; field = cursor.nextField(field))
        skipJson(cursor, field);
      cursor.depth--;
      return;
    case TType.LIST:
    case TType.SET:
      skipList(cursor);
      return;
    case TType.MAP:
      skipMap(cursor);
      return;
    default:
      cursor.blanks();
      skipBase(cursor, type);
  }
}

function skipList(cursor: SkippingCursor): void {
  const etype = cursor.listHead();
  for (let left = cursor.size; left > 0; left--) {
    cursor.expect(COMMA);
    skipJson(cursor, etype);
  }
  cursor.expect(CLOSE_LIST);
  cursor.open--;
}

function skipMap(cursor: SkippingCursor): void {
  const [ktype, vtype] = cursor.mapHead();
  const { size } = cursor;
  for (let i = 0; i < size; i++) {
    if (i > 0) cursor.expect(COMMA);
    skipKey(cursor, ktype);
    cursor.expect(COLON);
    skipJson(cursor, vtype);
  }
  cursor.mapTail();
  cursor.open--;
}

/** Moves a cursor past the key of a map, where numbers are quoted. */
export function skipKey(cursor: SkippingCursor, type: number): void {
  if (!isQuotedKey(type)) {
    skipJson(cursor, type);
    return;
  }
  cursor.expect(QUOTE);
  if (type === TType.DOUBLE) cursor.quotedDouble();
  else skipBase(cursor, type);
  cursor.expectQuote();
}

function skipBase(cursor: SkippingCursor, type: number): void {
  switch (type) {
    case TType.BOOL:
      cursor.bool();
      return;
    case TType.I08:
      cursor.i8();
      return;
    case TType.I16:
      cursor.i16();
      return;
    case TType.I32:
      cursor.i32();
      return;
    case TType.I64:
      cursor.i64();
      return;
    case TType.DOUBLE:
      cursor.double();
      return;
    case TType.UUID:
      cursor.uuid();
      return;
    case TType.STRING:
      cursor.textOrBytes();
      return;
    default:
      throw new ThriftReadError('type-mismatch', `a value of ${typeName(type)}, which Thrift does not have`);
  }
}
