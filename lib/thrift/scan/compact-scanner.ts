import { CompactType } from '../compact/compact-types.js';
import { ThriftReadError } from '../errors.js';
import { MORE, StackScanner } from './stack-scanner.js';
import type { MessageScanner } from './message-scanner.js';

/** First byte, and lower five bits of the second (`doc/specs/thrift-compact-protocol.md`, Message). */
const PROTOCOL_ID = 0x82;
const VERSION = 1;
const VERSION_BITS = 0x1f;

/** Longest number: ten bytes for 64 bits. */
const VARINT_BYTES = 10;
/** Largest size. */
const LARGEST = 0x7fffffff;

/** Bytes of each type of fixed size, as an element; 0 for every other type. */
const FIXED: readonly number[] = Object.assign(Array<number>(CompactType.UUID + 1).fill(0), {
  [CompactType.TRUE]: 1,
  [CompactType.FALSE]: 1,
  [CompactType.I8]: 1,
  [CompactType.DOUBLE]: 8,
  [CompactType.UUID]: 16,
});

/** Parts that are read apart: numbers without further meaning, and sizes. */
const NOTHING = 0;
const NUMBER = -1;
const FIELD_ID = -2;

/** Parts of the header of a message, in order. */
const HeaderPart = { MAGIC: 0, SEQID: 1, NAME: 2, ARGUMENTS: 3 } as const;

/** Finds the ends of messages of the compact protocol. */
export class CompactScanner extends StackScanner implements MessageScanner {
  private part: number = HeaderPart.MAGIC;
  /** A part of the list above, or the type whose size is to be read. */
  private pendingType = NOTHING;
  /** Type of the field whose id is to be read. */
  private fieldType = 0;
  /** Bytes of the last varint, and its value up to 2^53. */
  private varintBytes = 0;
  private varint = 0;

  protected override get isPending(): boolean {
    return this.pendingType !== NOTHING;
  }

  protected override header(bytes: Buffer, at: number, end: number): number {
    if (this.part === HeaderPart.ARGUMENTS) {
      this.openMessage();
      return 0;
    }
    if (this.part === HeaderPart.MAGIC) return this.magic(bytes, at, end);
    if (!this.readVarint(bytes, at, end)) return MORE;
    if (this.part === HeaderPart.NAME) this.pass(this.size());
    this.part += 1;
    return this.varintBytes;
  }

  protected override field(bytes: Buffer, at: number, end: number): number {
    if (at >= end) return MORE;
    const head = bytes[at]!;
    const type = head & 15;
    if (type === CompactType.STOP) this.closeStruct();
    else if (head >> 4 === 0) {
      // The id of the field follows in full.
      this.pendingType = FIELD_ID;
      this.fieldType = type;
    } else this.beginField(type);
    return 1;
  }

  protected override begin(type: number): void {
    const fixed = FIXED[type] ?? 0;
    if (fixed > 0) this.pass(fixed);
    else if (type === CompactType.STRUCT) this.openStruct();
    else if (type >= CompactType.I16 && type <= CompactType.I64) this.pendingType = NUMBER;
    else if (type >= CompactType.BINARY && type <= CompactType.MAP) this.pendingType = type;
    else throw new ThriftReadError('type-mismatch', `a value of compact type ${type}, which Thrift does not have`);
  }

  protected override pending(bytes: Buffer, at: number, end: number): number {
    const type = this.pendingType;
    if (type === CompactType.LIST || type === CompactType.SET) return this.listHeader(bytes, at, end);
    if (!this.readVarint(bytes, at, end)) return MORE;
    if (type === CompactType.MAP && this.varint > 0) return this.mapHeader(bytes, at, end);
    this.pendingType = NOTHING;
    if (type === CompactType.BINARY) this.pass(this.size());
    else if (type === FIELD_ID) this.beginField(this.fieldType);
    return this.varintBytes;
  }

  protected override reset(): void {
    this.part = HeaderPart.MAGIC;
  }

  /** Begins the value of a field. The value of a bool is in the type. */
  private beginField(type: number): void {
    if (type !== CompactType.TRUE && type !== CompactType.FALSE) this.begin(type);
  }

  private magic(bytes: Buffer, at: number, end: number): number {
    if (end - at < 2) return MORE;
    if (bytes[at] !== PROTOCOL_ID || (bytes[at + 1]! & VERSION_BITS) !== VERSION) {
      throw new ThriftReadError('bad-header', 'no compact message');
    }
    this.part = HeaderPart.SEQID;
    return 2;
  }

  /** Reads size and type in one byte, or a byte and a varint. */
  private listHeader(bytes: Buffer, at: number, end: number): number {
    if (at >= end) return MORE;
    const head = bytes[at]!;
    const isLong = head >> 4 === 15;
    if (isLong && !this.readVarint(bytes, at + 1, end)) return MORE;
    this.pendingType = NOTHING;
    this.elements(isLong ? this.size() : head >> 4, head & 15);
    return isLong ? 1 + this.varintBytes : 1;
  }

  /** Reads the types of a map, after its size. */
  private mapHeader(bytes: Buffer, at: number, end: number): number {
    const typesAt = at + this.varintBytes;
    if (typesAt >= end) return MORE;
    this.pendingType = NOTHING;
    const types = bytes[typesAt]!;
    this.elements(this.size(), types >> 4, types & 15);
    return this.varintBytes + 1;
  }

  /** Passes over elements of fixed size at once. */
  private elements(count: number, first: number, second?: number): void {
    const firstBytes = FIXED[first] ?? 0;
    const secondBytes = second === undefined ? 0 : (FIXED[second] ?? 0);
    const isFixed = firstBytes > 0 && (second === undefined || secondBytes > 0);
    if (isFixed) this.pass(count * (firstBytes + secondBytes));
    else this.openElements(count, first, second);
  }

  /** Reads a varint whole. False if its end has not arrived. */
  private readVarint(bytes: Buffer, at: number, end: number): boolean {
    let value = 0;
    for (let i = 0; i < VARINT_BYTES; i++) {
      if (at + i >= end) return false;
      const byte = bytes[at + i]!;
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) {
        this.varint = value;
        this.varintBytes = i + 1;
        return true;
      }
    }
    throw new ThriftReadError('limit-exceeded', `a number of more than ${VARINT_BYTES} bytes`, 'size');
  }

  private size(): number {
    if (this.varint <= LARGEST) return this.varint;
    throw new ThriftReadError('limit-exceeded', `a size of ${this.varint}`, 'size');
  }
}
