import { ByteCursor, decodeUtf8 } from '../byte-cursor.js';
import { ThriftReadError } from '../errors.js';
import { BACKSLASH, EXPONENT, isBlank, isDigit, MINUS, NINE, PLUS, POINT, QUOTE, ZERO } from './json-syntax.js';
import { unescape } from './unescape.js';

/** More digits than any i64 has. */
const MOST_DIGITS = 19;
/** Up to this many digits a number holds an integer exactly. */
const EXACT_DIGITS = 15;
/** An escape is at most this many characters for each byte that it stands for. */
const LONGEST_ESCAPE = 6;
/** Where the halves of an i64 meet. */
const scratch = new DataView(new ArrayBuffer(8));
const HIGH = 4294967296;

/**
 * The tokens of JSON (RFC 8259), one after the other from the bytes: nothing is built but the value asked for.
 *
 * Raw control characters within strings are taken, since the Apache runtimes for Python and Node write them.
 */
export class JsonTokens extends ByteCursor {
  /** The digits of the integer that was read last. */
  private count = 0;

  blanks(): void {
    const { bytes } = this;
    while (isBlank(bytes[this.pos])) this.pos++;
  }

  /** The byte of the next token, which stays where it is. */
  peek(): number {
    let code = this.bytes[this.pos];
    if (isBlank(code)) {
      this.blanks();
      code = this.bytes[this.pos];
    }
    if (code === undefined) throw this.truncated(1);
    return code;
  }

  /** Moves past a token of one character. */
  expect(code: number): void {
    if (this.bytes[this.pos] !== code && this.peek() !== code) {
      throw this.unexpected(`'${String.fromCharCode(code)}'`);
    }
    this.pos++;
  }

  /** Moves past a quote with no blanks before it, as at either end of a number that is a key. */
  expectQuote(): void {
    if (this.bytes[this.pos] !== QUOTE) throw this.unexpected('a quote');
    this.pos++;
  }

  /** The error for something else at the position; nothing there means that the text is cut off. */
  unexpected(expected: string): ThriftReadError {
    if (this.pos >= this.end) return this.truncated(1);
    return new ThriftReadError('type-mismatch', `expected ${expected}, found other JSON`);
  }

  /** An integer at the very position. `name` is that of its type, for the error. */
  integer(least: number, most: number, name: string): number {
    const value = this.scanInteger(name);
    if (value >= least && value <= most && this.count <= EXACT_DIGITS) return value;
    throw outOfRange(name);
  }

  i64(): bigint {
    const from = this.pos;
    const value = this.scanInteger('i64');
    if (this.count <= EXACT_DIGITS) {
      // A fraction of the time that `BigInt(value)` takes.
      scratch.setInt32(0, Math.floor(value / HIGH));
      scratch.setInt32(4, value | 0);
      return scratch.getBigInt64(0);
    }
    const exact = this.count <= MOST_DIGITS ? BigInt(this.ascii(from, this.pos)) : undefined;
    if (exact === undefined || BigInt.asIntN(64, exact) !== exact) throw outOfRange('i64');
    return exact;
  }

  i64Number(): number {
    const value = Number(this.i64());
    if (Number.isSafeInteger(value)) return value;
    throw new ThriftReadError('limit-exceeded', "an i64 beyond 2^53 - 1, with the option i64: 'number'", 'i64');
  }

  /** A finite number at the very position. */
  decimal(): number {
    const from = this.pos;
    if (this.bytes[this.pos] === MINUS) this.pos++;
    this.wholePart();
    if (this.bytes[this.pos] === POINT) {
      this.pos++;
      this.manyDigits();
    }
    if (((this.bytes[this.pos] as number) | 0x20) === EXPONENT) {
      const sign = this.bytes[++this.pos];
      if (sign === PLUS || sign === MINUS) this.pos++;
      this.manyDigits();
    }
    const value = Number(this.bytes.toString('latin1', from, this.pos));
    if (!Number.isFinite(value)) throw outOfRange('double');
    return value;
  }

  /** A string of at most `most` bytes of UTF-8. */
  literal(most: number): string {
    this.expect(QUOTE);
    const { bytes, end, pos: from } = this;
    let at = from;
    let all = 0;
    for (; at < end; at++) {
      const code = bytes[at] as number;
      if (code === QUOTE) {
        if (at - from > most) this.checkByteCount(at - from);
        this.pos = at + 1;
        return all < 128 ? this.ascii(from, at) : decodeUtf8(bytes, from, at, this.lenient);
      }
      if (code === BACKSLASH) return this.escaped(from, at, most);
      all |= code;
    }
    throw this.truncated(end - from + 1);
  }

  private escaped(from: number, first: number, most: number): string {
    const { bytes, end } = this;
    let to = first;
    while (to < end && bytes[to] !== QUOTE) to += bytes[to] === BACKSLASH ? 2 : 1;
    if (to >= end) throw this.truncated(to - end + 1);
    // Told before memory is taken for it.
    if (to - from > most * LONGEST_ESCAPE) this.checkByteCount(to - from);
    const plain = unescape(bytes, from, to);
    if (plain.length > most) this.checkByteCount(plain.length);
    this.pos = to + 1;
    return decodeUtf8(plain, 0, plain.length, this.lenient);
  }

  /** Moves past an integer and returns it, exactly if its {@link count} of digits is small. */
  private scanInteger(name: string): number {
    const { bytes } = this;
    const negative = bytes[this.pos] === MINUS;
    const from = negative ? this.pos + 1 : this.pos;
    let at = from;
    let value = 0;
    let code = bytes[at] as number;
    for (; code >= ZERO && code <= NINE; code = bytes[++at] as number) value = value * 10 + (code - ZERO);
    this.pos = at;
    this.count = at - from;
    if (at === from) throw this.unexpected(name);
    if (code === POINT || (code | 0x20) === EXPONENT) throw this.unexpected(`${name}, an integer`);
    if (bytes[from] === ZERO && at > from + 1) throw leadingZero();
    // Not `-value`, for there is no -0 among integers.
    return negative ? 0 - value : value;
  }

  /** Digits without a leading zero, which JSON does not allow. */
  private wholePart(): void {
    const zero = this.bytes[this.pos] === ZERO;
    const from = this.pos;
    this.manyDigits();
    if (zero && this.pos > from + 1) throw leadingZero();
  }

  private manyDigits(): void {
    const { bytes } = this;
    if (!isDigit(bytes[this.pos])) throw this.unexpected('a digit');
    do this.pos++;
    while (isDigit(bytes[this.pos]));
  }
}

function leadingZero(): ThriftReadError {
  return new ThriftReadError('type-mismatch', 'a number with a leading zero');
}

function outOfRange(name: string): ThriftReadError {
  return new ThriftReadError('type-mismatch', `expected ${name}, found a number out of its range`);
}
