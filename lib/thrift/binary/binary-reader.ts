import Int64 from 'node-int64';
import { ThriftReadError } from '../errors.js';
import type { ThriftLimits } from '../limits.js';
import type { Int64Object, MessageBegin, ThriftReader } from '../protocol.js';
import { BinaryCursor } from './binary-cursor.js';
import { skipBinary } from './skip-binary.js';

const VERSION_1 = 0x8001;

/**
 * Reads the binary protocol with strict headers. `oldBinary` also accepts headers from before the
 * version field existed.
 */
export class BinaryReader extends BinaryCursor implements ThriftReader {
  constructor(
    bytes: Uint8Array,
    limits: ThriftLimits,
    private readonly oldBinary = false,
    lenient = false,
  ) {
    super(bytes, limits, lenient);
  }

  get remaining(): number {
    return this.end - this.pos;
  }

  readMessageBegin(): MessageBegin {
    this.startMessage();
    const word = this.readI32();
    if (word >= 0) return this.readOldHeader();
    if (word >>> 16 !== VERSION_1) throw new ThriftReadError('bad-header', 'not version 1 of the binary protocol');
    const name = this.readString();
    return messageBegin(name, word & 0xff, this.readI32());
  }

  readMessageEnd(): void {}

  readStructBegin(): { fname: string } {
    this.enter(1);
    return { fname: '' };
  }

  readStructEnd(): void {
    this.depth--;
  }

  readFieldBegin(): { fname: string | null; ftype: number; fid: number } {
    const ftype = this.readByte();
    return { fname: null, ftype, fid: ftype === 0 ? 0 : this.readI16() };
  }

  readFieldEnd(): void {}

  readMapBegin(): { ktype: number; vtype: number; size: number } {
    const ktype = this.readByte();
    const vtype = this.readByte();
    return { ktype, vtype, size: this.readSize(ktype, vtype) };
  }

  readMapEnd(): void {
    this.open--;
  }

  readListBegin(): { etype: number; size: number } {
    const etype = this.readByte();
    return { etype, size: this.readSize(etype) };
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

  readI64(): Int64Object {
    const at = this.take(8);
    return new Int64(this.copy(at, 8));
  }

  skip(type: number): void {
    skipBinary(this, type);
  }

  flush(): void {}

  getTransport(): this {
    return this;
  }

  incrementRecursionDepth(): void {}

  decrementRecursionDepth(): void {}

  /**
   * Reads name, type and sequence id where a strict header has its version. The sign bit
   * distinguishes both headers.
   */
  private readOldHeader(): MessageBegin {
    if (!this.oldBinary)
      throw new ThriftReadError('bad-header', 'no version in the message header (old binary protocol)');
    this.pos -= 4;
    const name = this.readString();
    const type = this.readByte() & 0xff;
    return messageBegin(name, type, this.readI32());
  }
}

function messageBegin(name: string, type: number, seqid: number): MessageBegin {
  return { name, type, seqid, fname: name, mtype: type, rseqid: seqid };
}
