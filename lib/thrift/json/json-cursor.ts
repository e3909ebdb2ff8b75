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
const SIZE_MOST = 0x7fffffff;

/**
 * A position in the text of the JSON protocol, as `TJSONProtocol.cpp` lays it down: its structs, containers and base values.
 *
 * Values start at the position; what stands between them is read by whoever knows where they stand.
 */
export class JsonCursor extends JsonTokens {
  /** The id of the field that {@link nextField} or {@link fieldHead} came to. */
  id = 0;
  /** The size of the container that {@link listHead} or {@link mapHead} came to. */
  size = 0;

  /** Comes to the value of a struct's next field and returns its type tag, 0 behind the last; `before` is what it returned last, 0 at first. */
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

  /** `"1":{"i32":` sets the id and returns the type tag. */
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

  /** The name of a type, as its tag. */
  typeTag(): number {
    this.expect(QUOTE);
    const { bytes, end } = this;
    let at = this.pos;
    let letters = 0;
    // Four letters are no name, and more would not fit the number.
    while (at < end && bytes[at] !== QUOTE && at - this.pos < 4) letters = letters * 256 + (bytes[at++] as number);
    if (at === end) throw this.truncated(at - this.pos + 1);
    // A NUL in front would not show in the number.
    const tag = bytes[at] === QUOTE && bytes[this.pos] !== 0 ? jsonTypeTag(letters) : undefined;
    if (tag === undefined) throw new ThriftReadError('type-mismatch', 'a type that the JSON protocol does not have');
    this.pos = at + 1;
    return tag;
  }

  /** `["i32",2` gives the size of a list or set, checked and entered; of its element type, too, unless there are no elements. */
  readList(etype: number): number {
    const found = this.listHead();
    if (this.size > 0 && found !== etype) throw mismatch(found, `elements of ${typeName(etype)}`);
    return this.size;
  }

  /** `["str","i32",2,{`, checked likewise. */
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

  /** Moves past a value, which may be a struct or container. */
  skipValue(type: number): void {
    skipJson(this, type);
  }

  private sizeHead(least: number, counted: number): void {
    this.expect(COMMA);
    this.blanks();
    const size = this.integer(-SIZE_MOST - 1, SIZE_MOST, 'the size of a container');
    // A map's first key has no comma before it, for which its closing brackets make up.
    this.enterContainer(size, least, counted);
    this.size = size;
  }

  /** 1 or 0, as all runtimes write it. */
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

  /** A number, or in quotes what JSON has no numbers for. */
  double(): number {
    if (this.bytes[this.pos] !== QUOTE) return this.decimal();
    this.pos++;
    const value = this.notFinite();
    if (value === undefined) throw this.pos + 1 >= this.end ? this.truncated(1) : this.unexpected('a number');
    this.expectQuote();
    return value;
  }

  /** Within quotes: any double, as the key of a map is. */
  quotedDouble(): number {
    return this.notFinite() ?? this.decimal();
  }

  string(): string {
    return this.literal(this.limits.stringBytes);
  }

  /** A copy, independent of the bytes read from. */
  binary(): Buffer {
    const bytes = decodeBase64(this.literal(base64Length(this.limits.stringBytes)));
    this.checkByteCount(bytes.length);
    return bytes;
  }

  uuid(): string {
    const text = this.string();
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
