import { ThriftReadError } from '../errors.js';
import { isBase, mismatch, typeName } from '../type-names.js';
import { base64Length, decodeBase64 } from './base64.js';
import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  jsonTypeTag,
  leastElement,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
} from './json-syntax.js';
import { JsonTokens } from './json-tokens.js';
import { skipJson } from './skip-json.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Length of a UUID as text. */
const UUID_BYTES = 36;
const SIZE_MOST = 0x7fffffff;

/**
 * Reads structs, containers and base values of the JSON protocol (`TJSONProtocol.cpp`).
 *
 * Each value starts at the position. The caller reads the punctuation between values.
 */
export class JsonCursor extends JsonTokens {
  /** The id of the field that {@link nextField} or {@link fieldHead} read. */
  id = 0;
  /** The size of the container that {@link listHead} or {@link mapHead} read. */
  size = 0;

  /**
   * Moves to the value of a struct's next field and returns its type tag; 0 after the last field.
   * `before` is the previous return value, or 0 at the start.
   */
  nextField(before: number): number {
    if (before === 0) {
      this.expect(OPEN_OBJECT);
    } else {
      this.expect(CLOSE_OBJECT);
    }
    if (this.peek() === CLOSE_OBJECT) {
      this.pos++;
      return 0;
    }
    if (before !== 0) this.expect(COMMA);
    return this.fieldHead();
  }

  /** Reads `"1":{"i32":`, sets the id and returns the type tag. */
  fieldHead(): number {
    this.expect(QUOTE);
    this.id = this.i16();
    this.expectQuote();
    this.expect(COLON);
    this.expect(OPEN_OBJECT);
    const type = this.typeTag();
    this.expect(COLON);
    return type;
  }

  /** Reads the name of a type and returns its tag. */
  typeTag(): number {
    this.expect(QUOTE);
    const { bytes, end } = this;
    let at = this.pos;
    let letters = 0;
    // No type name has four letters, and more letters would overflow the number.
    while (at < end && bytes[at] !== QUOTE && at - this.pos < 4) letters = letters * 256 + (bytes[at++] as number);
    if (at === end) throw this.truncated(at - this.pos + 1);
    // A leading NUL would not change the number.
    const tag = bytes[at] === QUOTE && bytes[this.pos] !== 0 ? jsonTypeTag(letters) : undefined;
    if (tag === undefined) throw new ThriftReadError('type-mismatch', 'a type that the JSON protocol does not have');
    this.pos = at + 1;
    return tag;
  }

  /**
   * Reads `["i32",2`, checks the size and enters the list or set. Checks the element type unless
   * the container is empty. Returns the size.
   */
  readList(etype: number): number {
    const found = this.listHead();
    if (this.size > 0 && found !== etype) throw mismatch(found, `elements of ${typeName(etype)}`);
    return this.size;
  }

  /** Reads `["str","i32",2,{` with the same checks for a map. */
  readMap(ktype: number, vtype: number): number {
    const tags = this.mapHead();
    if (this.size > 0 && tags[0] !== ktype) throw mismatch(tags[0], `keys of ${typeName(ktype)}`);
    if (this.size > 0 && tags[1] !== vtype) throw mismatch(tags[1], `values of ${typeName(vtype)}`);
    return this.size;
  }

  listHead(): number {
    this.expect(OPEN_LIST);
    const etype = this.typeTag();
    this.sizeHead(leastElement(etype), isBase(etype) ? 1 : 0);
    return etype;
  }

  mapHead(): readonly [ktype: number, vtype: number] {
    this.expect(OPEN_LIST);
    const ktype = this.typeTag();
    this.expect(COMMA);
    const vtype = this.typeTag();
    this.sizeHead(leastElement(ktype) + leastElement(vtype), (isBase(ktype) ? 1 : 0) + (isBase(vtype) ? 1 : 0));
    this.expect(COMMA);
    this.expect(OPEN_OBJECT);
    return [ktype, vtype];
  }

  mapTail(): void {
    this.expect(CLOSE_OBJECT);
    this.expect(CLOSE_LIST);
  }

  /** Skips a value, including a struct or container. */
  skipValue(type: number): void {
    skipJson(this, type);
  }

  private sizeHead(least: number, counted: number): void {
    this.expect(COMMA);
    this.blanks();
    const size = this.integer(-SIZE_MOST - 1, SIZE_MOST, 'the size of a container');
    // The minimum counts one comma per key. A map's first key has no comma, but the closing
    // brackets make up for it.
    this.enterContainer(size, least, counted);
    this.size = size;
  }

  /** Reads 1 or 0, as all runtimes write a bool. */
  bool(): boolean {
    return this.integer(0, 1, 'bool (1 or 0)') === 1;
  }

  i8(): number {
    return this.integer(-128, 127, 'i8');
  }

  i16(): number {
    return this.integer(-32768, 32767, 'i16');
  }

  i32(): number {
    return this.integer(-SIZE_MOST - 1, SIZE_MOST, 'i32');
  }

  /** Reads a number, or a quoted value that JSON numbers cannot represent. */
  double(): number {
    if (this.bytes[this.pos] !== QUOTE) return this.decimal();
    this.pos++;
    const value = this.notFinite();
    if (value === undefined) throw this.pos + 1 >= this.end ? this.truncated(1) : this.unexpected('a number');
    this.expectQuote();
    return value;
  }

  /** Reads any double within quotes, as in the key of a map. */
  quotedDouble(): number {
    return this.notFinite() ?? this.decimal();
  }

  string(): string {
    return this.literal(this.limits.stringBytes);
  }

  /** Reads a string that may be the base64 of a binary value. */
  textOrBytes(): string {
    return this.literal(base64Length(this.limits.stringBytes));
  }

  /** Returns a copy, independent of the input bytes. */
  binary(): Buffer {
    const bytes = decodeBase64(this.textOrBytes());
    this.checkByteCount(bytes.length);
    return bytes;
  }

  uuid(): string {
    const text = this.literal(UUID_BYTES);
    if (!UUID.test(text)) throw new ThriftReadError('type-mismatch', 'expected uuid, found another string');
    return text.toLowerCase();
  }

  private notFinite(): number | undefined {
    const first = this.bytes[this.pos];
    if (first === 0x4e) return this.word('NaN', NaN);
    if (first === 0x49) return this.word('Infinity', Infinity);
    if (first === 0x2d && this.bytes[this.pos + 1] === 0x49) return this.word('-Infinity', -Infinity);
    return undefined;
  }

  private word(word: string, value: number): number {
    const found = this.bytes.toString('latin1', this.pos, this.pos + word.length);
    if (found !== word) throw word.startsWith(found) ? this.truncated(word.length) : this.unexpected('a double');
    this.pos += word.length;
    return value;
  }
}
