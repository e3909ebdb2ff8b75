import { ThriftReadError } from '../errors.js';
import { TType } from '../protocol.js';
import { typeName } from '../type-names.js';
import { type BinaryCursor, leastBytes } from './binary-cursor.js';

/**
 * Moves a cursor past one value of a type tag. Depth and elements count as in reading.
 * Strings are not checked for UTF-8.
 */
export function skipBinary(cursor: BinaryCursor, type: number): void {
  switch (type) {
    case TType.STRING:
      cursor.take(cursor.readByteCount());
      return;
    case TType.STRUCT:
      cursor.enter(1);
      for (let field = cursor.readByte(); field !== TType.STOP; field = cursor.readByte()) {
        cursor.take(2);
        skipBinary(cursor, field);
      }
      cursor.depth--;
      return;
    case TType.LIST:
    case TType.SET:
      skipElements(cursor, [cursor.readByte()]);
      return;
    case TType.MAP:
      skipElements(cursor, [cursor.readByte(), cursor.readByte()]);
      return;
    default:
      skipBase(cursor, type);
  }
}

function skipElements(cursor: BinaryCursor, kinds: readonly [number, number?]): void {
  const [first, second] = kinds;
  const size = cursor.readSize(first, second);
  for (let i = 0; i < size; i++) {
    skipBinary(cursor, first);
    if (second !== undefined) skipBinary(cursor, second);
  }
  cursor.open--;
}

/** Skips a type of fixed size: its fewest bytes are also its most. */
function skipBase(cursor: BinaryCursor, type: number): void {
  const size = leastBytes(type);
  if (size === 0)
    throw new ThriftReadError('type-mismatch', `a field of ${typeName(type)}, which Thrift does not have`);
  cursor.take(size);
}
