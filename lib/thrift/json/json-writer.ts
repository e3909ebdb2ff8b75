import { checkInt } from '../checks.js';
import { ThriftWriteError } from '../errors.js';
import { unkey } from '../object-keys.js';
import type { Int64Like, ThriftWriter } from '../protocol.js';
import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  jsonTypeName,
  OPEN_LIST,
  OPEN_OBJECT,
  JsonPosition,
  QUOTE,
  ZERO,
} from './json-syntax.js';
import { JsonSlab, NUMBER_ROOM } from './json-slab.js';

/** Equals `kThriftVersion1` of `TJSONProtocol.cpp`. */
const VERSION = 1;
/**
 * Reserves space for any number and for the start of any message, field or container, including
 * punctuation. Strings reserve their own space.
 */
const ROOM = NUMBER_ROOM + 12;

/**
 * Writes the JSON protocol through TProtocol's methods, and tracks the position within lists, maps
 * and structs.
 */
export class JsonWriter extends JsonSlab implements ThriftWriter {
  /** The position at each level of structs and containers. */
  private readonly places: number[] = [JsonPosition.PLAIN];

  override reset(): void {
    super.reset();
    this.places[0] = JsonPosition.PLAIN;
  }

  writeMessageBegin(name: string, type: number, seqid: number): void {
    if (checkInt('i8', type) < 0) throw new ThriftWriteError('out-of-range', 'expected a message type');
    this.startMessage();
    this.reserve(ROOM);
    this.mark(OPEN_LIST, ZERO + VERSION, COMMA);
    this.appendString(name);
    this.reserve(ROOM);
    this.mark(COMMA);
    this.pos = this.putInteger(this.pos, type);
    this.mark(COMMA);
    this.pos = this.putI32(this.pos, seqid);
    this.mark(COMMA);
  }

  override writeMessageEnd(): void {
    this.reserve(1);
    this.mark(CLOSE_LIST);
  }

  writeStructBegin(_name?: string): void {
    this.separate();
    this.mark(OPEN_OBJECT);
    this.enterStruct();
    this.place = JsonPosition.FIRST_FIELD;
  }

  writeStructEnd(): void {
    this.reserve(1);
    this.mark(CLOSE_OBJECT);
    this.depth--;
  }

  writeFieldBegin(_name: string | null | undefined, type: number, id: number): void {
    this.reserve(ROOM);
    if (this.place === JsonPosition.FIELD) this.mark(COMMA);
    this.place = JsonPosition.FIELD;
    this.mark(QUOTE);
    this.pos = this.putI16(this.pos, id);
    this.mark(QUOTE, COLON, OPEN_OBJECT);
    this.typeName(type);
    this.mark(COLON);
  }

  override writeFieldEnd(): void {
    this.reserve(1);
    this.mark(CLOSE_OBJECT);
  }

  writeFieldStop(): void {}

  writeMapBegin(ktype: number, vtype: number, size: number): void {
    this.separate();
    this.mark(OPEN_LIST);
    this.typeName(ktype);
    this.mark(COMMA);
    this.typeName(vtype);
    this.size(size);
    this.mark(COMMA, OPEN_OBJECT);
    this.enterTableOf(size, ktype, vtype);
    this.place = JsonPosition.FIRST_KEY;
  }

  override writeMapEnd(): void {
    this.reserve(2);
    this.mark(CLOSE_OBJECT, CLOSE_LIST);
    this.open--;
  }

  writeListBegin(etype: number, size: number): void {
    this.writeHeader(etype, size);
    this.enterListOf(etype, size);
    this.place = JsonPosition.ELEMENT;
  }

  override writeListEnd(): void {
    this.reserve(1);
    this.mark(CLOSE_LIST);
    this.open--;
  }

  writeSetBegin(etype: number, size: number): void {
    this.writeHeader(etype, size);
    this.enterTableOf(size, etype);
    this.place = JsonPosition.ELEMENT;
  }

  override writeSetEnd(): void {
    this.writeListEnd();
  }

  writeBool(value: boolean): void {
    const key = this.beforeNumber();
    this.pos = this.putBool(this.pos, unkey(value, 'bool'));
    if (key) this.mark(QUOTE);
  }

  writeByte(value: number): void {
    const key = this.beforeNumber();
    this.pos = this.putI8(this.pos, unkey(value, 'i8'));
    if (key) this.mark(QUOTE);
  }

  writeI16(value: number): void {
    const key = this.beforeNumber();
    this.pos = this.putI16(this.pos, unkey(value, 'i16'));
    if (key) this.mark(QUOTE);
  }

  writeI32(value: number): void {
    const key = this.beforeNumber();
    this.pos = this.putI32(this.pos, unkey(value, 'i32'));
    if (key) this.mark(QUOTE);
  }

  writeI64(value: number | bigint | Int64Like): void {
    const key = this.beforeNumber();
    this.pos = this.putI64(this.pos, unkey(value, 'i64'));
    if (key) this.mark(QUOTE);
  }

  writeDouble(value: number): void {
    const double = unkey(value, 'double');
    this.pos = this.separate() ? this.putDoubleKey(this.pos, double) : this.putDouble(this.pos, double);
  }

  writeString(value: string): void {
    this.separate();
    this.appendString(value);
  }

  writeBinary(value: Uint8Array): void {
    this.separate();
    this.appendBinary(value);
  }

  writeUuid(value: string): void {
    this.separate();
    this.appendUuid(value);
  }

  private get place(): number {
    return this.places[this.depth + this.open]!;
  }

  private set place(place: number) {
    this.places[this.depth + this.open] = place;
  }

  private writeHeader(etype: number, size: number): void {
    this.separate();
    this.mark(OPEN_LIST);
    this.typeName(etype);
    this.size(size);
  }

  /** Stores characters in space that is already reserved. */
  private mark(...codes: readonly number[]): void {
    for (const code of codes) this.bytes[this.pos++] = code;
  }

  private typeName(type: number): void {
    const name = jsonTypeName(type);
    if (name === undefined) throw new ThriftWriteError('out-of-range', 'expected the tag of a Thrift type');
    this.pos += this.bytes.write(`"${name}"`, this.pos, 'latin1');
  }

  private size(size: number): void {
    if (checkInt('i32', size) < 0) throw new ThriftWriteError('out-of-range', 'expected a size of 0 or more');
    this.mark(COMMA);
    this.pos = this.putInteger(this.pos, size);
  }

  private beforeNumber(): boolean {
    const key = this.separate();
    if (key) this.mark(QUOTE);
    return key;
  }

  /**
   * Writes the punctuation before a value, and reserves space for a whole number or the start of
   * another value. Returns true if the value is the key of a map.
   */
  private separate(): boolean {
    this.reserve(ROOM);
    switch (this.place) {
      case JsonPosition.ELEMENT:
        this.mark(COMMA);
        return false;
      case JsonPosition.KEY:
        this.mark(COMMA);
        this.place = JsonPosition.VALUE;
        return true;
      case JsonPosition.FIRST_KEY:
        this.place = JsonPosition.VALUE;
        return true;
      case JsonPosition.VALUE:
        this.mark(COLON);
        this.place = JsonPosition.KEY;
        return false;
      default:
        return false;
    }
  }
}
