import Int64 from 'node-int64';
import { ThriftReadError } from '../errors.js';
import type { Int64Object, MessageBegin, ThriftReader } from '../protocol.js';
import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_LIST,
  OPEN_OBJECT,
  JsonPosition,
  QUOTE,
  ZERO,
} from './json-syntax.js';
import { JsonCursor } from './json-cursor.js';
import { skipJson, skipKey } from './skip-json.js';

/** Equals `kThriftVersion1` of `TJSONProtocol.cpp`. */
const VERSION = 1;
const NOT_VERSION = 'not version 1 of the JSON protocol';

/**
 * Reads the JSON protocol through TProtocol's methods, and tracks the position within lists, maps
 * and structs.
 */
export class JsonReader extends JsonCursor implements ThriftReader {
  /** The position at each level of structs and containers. */
  private readonly places: number[] = [JsonPosition.PLAIN];

  get remaining(): number {
    return this.end - this.pos;
  }

  readMessageBegin(): MessageBegin {
    this.startMessage();
    this.places[0] = JsonPosition.PLAIN;
    this.headerMark(OPEN_LIST, 'a message of the JSON protocol is a list');
    this.headerMark(ZERO + VERSION, NOT_VERSION);
    this.headerMark(COMMA, NOT_VERSION);
    const name = this.string();
    this.expect(COMMA);
    const type = this.headerInteger();
    this.expect(COMMA);
    const seqid = this.headerInteger();
    this.expect(COMMA);
    return { name, type, seqid, fname: name, mtype: type, rseqid: seqid };
  }

  /**
   * Also skips blanks after the message, so that nothing remains unless another message follows.
   */
  readMessageEnd(): void {
    this.expect(CLOSE_LIST);
    this.blanks();
  }

  readStructBegin(): { fname: string } {
    this.separate();
    this.expect(OPEN_OBJECT);
    this.enter(1);
    this.place = JsonPosition.FIRST_FIELD;
    return { fname: '' };
  }

  readStructEnd(): void {
    this.expect(CLOSE_OBJECT);
    this.depth--;
  }

  readFieldBegin(): { fname: string | null; ftype: number; fid: number } {
    // Leave the brace to the end of the struct.
    if (this.peek() === CLOSE_OBJECT) return { fname: null, ftype: 0, fid: 0 };
    if (this.place === JsonPosition.FIELD) this.expect(COMMA);
    this.place = JsonPosition.FIELD;
    const ftype = this.fieldHead();
    return { fname: null, ftype, fid: this.id };
  }

  readFieldEnd(): void {
    this.expect(CLOSE_OBJECT);
  }

  readMapBegin(): { ktype: number; vtype: number; size: number } {
    this.separate();
    const [ktype, vtype] = this.mapHead();
    this.place = JsonPosition.FIRST_KEY;
    return { ktype, vtype, size: this.size };
  }

  readMapEnd(): void {
    this.mapTail();
    this.open--;
  }

  readListBegin(): { etype: number; size: number } {
    this.separate();
    const etype = this.listHead();
    this.place = JsonPosition.ELEMENT;
    return { etype, size: this.size };
  }

  readListEnd(): void {
    this.expect(CLOSE_LIST);
    this.open--;
  }

  readSetBegin(): { etype: number; size: number } {
    return this.readListBegin();
  }

  readSetEnd(): void {
    this.readListEnd();
  }

  readBool(): boolean {
    const key = this.beforeNumber();
    const value = this.bool();
    if (key) this.expectQuote();
    return value;
  }

  readByte(): number {
    const key = this.beforeNumber();
    const value = this.i8();
    if (key) this.expectQuote();
    return value;
  }

  readI16(): number {
    const key = this.beforeNumber();
    const value = this.i16();
    if (key) this.expectQuote();
    return value;
  }

  readI32(): number {
    const key = this.beforeNumber();
    const value = this.i32();
    if (key) this.expectQuote();
    return value;
  }

  readI64(): Int64Object {
    const key = this.beforeNumber();
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigInt64BE(this.i64());
    if (key) this.expectQuote();
    return new Int64(bytes);
  }

  readDouble(): number {
    if (!this.beforeNumber()) return this.double();
    const value = this.quotedDouble();
    this.expectQuote();
    return value;
  }

  readString(): string {
    this.separate();
    return this.string();
  }

  readBinary(): Buffer {
    this.separate();
    return this.binary();
  }

  readUuid(): string {
    this.separate();
    return this.uuid();
  }

  skip(type: number): void {
    if (this.separate()) skipKey(this, type);
    else skipJson(this, type);
  }

  flush(): void {}

  getTransport(): this {
    return this;
  }

  incrementRecursionDepth(): void {}

  decrementRecursionDepth(): void {}

  private get place(): number {
    return this.places[this.depth + this.open]!;
  }

  private set place(place: number) {
    this.places[this.depth + this.open] = place;
  }

  private headerMark(code: number, otherwise: string): void {
    if (this.peek() !== code) throw new ThriftReadError('bad-header', otherwise);
    this.pos++;
  }

  private headerInteger(): number {
    this.blanks();
    return this.i32();
  }

  /** Moves to a number, inside its quotes if the number is a key. Returns true for a key. */
  private beforeNumber(): boolean {
    const key = this.separate();
    if (key) this.expect(QUOTE);
    else this.blanks();
    return key;
  }

  /** Reads the punctuation before a value. Returns true if the value is the key of a map. */
  private separate(): boolean {
    switch (this.place) {
      case JsonPosition.ELEMENT:
        this.expect(COMMA);
        return false;
      case JsonPosition.KEY:
        this.expect(COMMA);
        this.place = JsonPosition.VALUE;
        return true;
      case JsonPosition.FIRST_KEY:
        this.place = JsonPosition.VALUE;
        return true;
      case JsonPosition.VALUE:
        this.expect(COLON);
        this.place = JsonPosition.KEY;
        return false;
      default:
        return false;
    }
  }
}
