import { Cursor } from '../cursor.js';
import { ThriftReadError } from '../errors.js';
import { getI64Number } from '../int64.js';
import { isBase, mismatch, typeName } from '../type-names.js';

/** Reads container headers and base values of the binary protocol. */
export class BinaryCursor extends Cursor {
  /**
   * Reads and checks the size of a list, set or map, and enters the container. The size follows the
   * element type of a list or set, or both types of a map.
   */
  readSize(etype: number, vtype?: number): number {
    const size = this.readI32();
    const least = leastBytes(etype) + (vtype === undefined ? 0 : leastBytes(vtype));
    if (size > 0 && least === 0) throw new ThriftReadError('type-mismatch', 'elements of a type Thrift does not have');
    this.enterContainer(size, least, (isBase(etype) ? 1 : 0) + (vtype !== undefined && isBase(vtype) ? 1 : 0));
    return size;
  }

  /**
   * Reads the header of a list or set with {@link readSize}. Compares the element type with the
   * declared type unless the container is empty.
   */
  readList(etype: number): number {
    const found = this.readByte();
    const size = this.readSize(found);
    if (size > 0 && found !== etype) throw mismatch(found, `elements of ${typeName(etype)}`);
    return size;
  }

  readMap(ktype: number, vtype: number): number {
    const foundKey = this.readByte();
    const foundValue = this.readByte();
    const size = this.readSize(foundKey, foundValue);
    if (size > 0 && foundKey !== ktype) throw mismatch(foundKey, `keys of ${typeName(ktype)}`);
    if (size > 0 && foundValue !== vtype) throw mismatch(foundValue, `values of ${typeName(vtype)}`);
    return size;
  }

  /**
   * Reads any byte except 0 as true. The wire defines only 0 and 1. Apache's C++, Python and Node
   * read any other byte as true, Java and Go as false.
   */
  readBool(): boolean {
    return this.bytes[this.take(1)] !== 0;
  }

  readByte(): number {
    return this.view.getInt8(this.take(1));
  }

  readI16(): number {
    return this.view.getInt16(this.take(2));
  }

  readI32(): number {
    return this.view.getInt32(this.take(4));
  }

  readI64Number(): number {
    const value = getI64Number(this.view, this.take(8));
    if (value === value) return value;
    throw new ThriftReadError('limit-exceeded', "an i64 beyond 2^53 - 1, with the option i64: 'number'", 'i64');
  }

  readDouble(): number {
    return this.view.getFloat64(this.take(8));
  }

  readByteCount(): number {
    return this.checkByteCount(this.readI32());
  }
}

/**
 * Lists the fewest bytes by type tag, in the order of the table in
 * `doc/specs/thrift-binary-protocol.md`.
 */
const LEAST = [0, 0, 1, 1, 8, 0, 2, 0, 4, 0, 8, 4, 1, 6, 5, 5, 16];

/**
 * Returns the fewest bytes of a value by type tag in the binary protocol; 0 for a tag that no value
 * can have.
 */
export function leastBytes(type: number): number {
  return LEAST[type] ?? 0;
}
