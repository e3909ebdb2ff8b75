import { CompactType, unknownCode } from './compact-types.js';

/** Lists the methods of a compact-protocol cursor that skipping needs. */
interface SkippingCursor {
  depth: number;
  open: number;
  enter(elements: number): void;
  take(bytes: number): unknown;
  readI16(): unknown;
  readVarint(): unknown;
  skipI64(): void;
  readUint8(): number;
  readByteCount(): number;
  listHeader(): { readonly found: number; readonly size: number };
  mapHeader(): { readonly foundKey: number; readonly foundValue: number; readonly size: number };
  nextId(id: number, header: number): number;
  skipField(code: number): void;
}

/**
 * Moves a cursor past one element with a type code. Does not accept the bool of a field, which has
 * no bytes of its own. Depth and elements count as in reading. Strings are not checked for
 * UTF-8.
 */
export function skipCompact(cursor: SkippingCursor, code: number): void {
  switch (code) {
    case CompactType.TRUE:
    case CompactType.FALSE:
    case CompactType.I8:
      cursor.take(1);
      return;
    case CompactType.I16:
      cursor.readI16();
      return;
    case CompactType.I32:
      cursor.readVarint();
      return;
    case CompactType.I64:
      cursor.skipI64();
      return;
    case CompactType.DOUBLE:
      cursor.take(8);
      return;
    case CompactType.UUID:
      cursor.take(16);
      return;
    case CompactType.BINARY:
      cursor.take(cursor.readByteCount());
      return;
    default:
      skipComposite(cursor, code);
  }
}

function skipComposite(cursor: SkippingCursor, code: number): void {
  switch (code) {
    case CompactType.STRUCT:
      skipStruct(cursor);
      return;
    case CompactType.LIST:
    case CompactType.SET: {
      const { found, size } = cursor.listHeader();
      for (let i = 0; i < size; i++) skipCompact(cursor, found);
      cursor.open--;
      return;
    }
    case CompactType.MAP: {
      const { foundKey, foundValue, size } = cursor.mapHeader();
      for (let i = 0; i < size; i++) {
        skipCompact(cursor, foundKey);
        skipCompact(cursor, foundValue);
      }
      cursor.open--;
      return;
    }
    default:
      throw unknownCode(code);
  }
}

function skipStruct(cursor: SkippingCursor): void {
  cursor.enter(1);
  let id = 0;
  for (;;) {
    const header = cursor.readUint8();
    const code = header & 15;
    if (code === CompactType.STOP) break;
    id = cursor.nextId(id, header);
    cursor.skipField(code);
  }
  cursor.depth--;
}
