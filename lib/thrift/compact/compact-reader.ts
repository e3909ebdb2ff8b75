import Int64 from 'node-int64';
import { ThriftReadError } from '../errors.js';
import { TType, type Int64Object, type MessageBegin, type ThriftReader } from '../protocol.js';
import { typeName } from '../type-names.js';
import { CompactCursor } from './compact-cursor.js';
import { CompactType, compactType, compactTypeTag } from './compact-types.js';
import { skipCompact } from './skip-compact.js';

const PROTOCOL_ID = 0x82;
const VERSION = 1;

/** Reads the compact protocol (`doc/specs/thrift-compact-protocol.md`). */
export class CompactReader extends CompactCursor implements ThriftReader {
  /**
   * The id of the last field, to which the next header adds its delta. `outerIds` holds the ids of
   * the enclosing structs.
   */
  private lastId = 0;
  private readonly outerIds: number[] = [];
  /** The value of the bool field whose header was read last. */
  private fieldBool: boolean | undefined = undefined;

  get remaining(): number {
    return this.end - this.pos;
  }

  readMessageBegin(): MessageBegin {
    this.startMessage();
    this.lastId = 0;
    this.outerIds.length = 0;
    this.fieldBool = undefined;
    if (this.readUint8() !== PROTOCOL_ID) throw new ThriftReadError('bad-header', 'not the compact protocol');
    const word = this.readUint8();
    if ((word & 31) !== VERSION) throw new ThriftReadError('bad-header', 'not version 1 of the compact protocol');
    const seqid = this.readVarint();
    const name = this.readString();
    const type = word >> 5;
    return { name, type, seqid, fname: name, mtype: type, rseqid: seqid };
  }

  readMessageEnd(): void {}

  readStructBegin(): { fname: string } {
    this.enter(1);
    this.outerIds.push(this.lastId);
    this.lastId = 0;
    return { fname: '' };
  }

  readStructEnd(): void {
    this.depth--;
    this.lastId = this.outerIds.pop() ?? 0;
  }

  readFieldBegin(): { fname: string | null; ftype: number; fid: number } {
    const header = this.readUint8();
    const code = header & 15;
    if (code === CompactType.STOP) return { fname: null, ftype: TType.STOP, fid: 0 };
    this.lastId = this.nextId(this.lastId, header);
    const ftype = compactTypeTag(code);
    this.fieldBool = ftype === TType.BOOL ? code === CompactType.TRUE : undefined;
    return { fname: null, ftype, fid: this.lastId };
  }

  readFieldEnd(): void {}

  readMapBegin(): { ktype: number; vtype: number; size: number } {
    const { foundKey, foundValue, size } = this.mapHeader();
    return { ktype: compactTypeTag(foundKey), vtype: compactTypeTag(foundValue), size };
  }

  readMapEnd(): void {
    this.open--;
  }

  readListBegin(): { etype: number; size: number } {
    const { found, size } = this.listHeader();
    return { etype: compactTypeTag(found), size };
  }

  readListEnd(): void {
    this.open--;
  }

  readSetBegin(): { etype: number; size: number } {
    return this.readListBegin();
  }

  readSetEnd(): void {
    this.open--;
  }

  /**
   * Returns the bool from the field header, or reads an element. For an element, any byte except 1
   * is false: the specification says 2, and some writers send 0.
   */
  readBool(): boolean {
    const { fieldBool } = this;
    if (fieldBool === undefined) return this.readUint8() === CompactType.TRUE;
    this.fieldBool = undefined;
    return fieldBool;
  }

  readI64(): Int64Object {
    return new Int64(this.readI64Bytes());
  }

  skip(type: number): void {
    const code = compactType(type);
    if (code === CompactType.STOP) {
      throw new ThriftReadError('type-mismatch', `a field of ${typeName(type)}, which Thrift does not have`);
    }
    if (type === TType.BOOL) this.readBool();
    else skipCompact(this, code);
  }

  flush(): void {}

  getTransport(): this {
    return this;
  }

  incrementRecursionDepth(): void {}

  decrementRecursionDepth(): void {}
}
