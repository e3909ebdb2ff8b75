import { ByteCursor, decodeUtf8 } from '../byte-cursor.js';
import { ThriftReadError } from '../errors.js';
import type { ThriftLimits } from '../limits.js';
import { BACKSLASH, EXPONENT, isBlank, isDigit, MINUS, NINE, PLUS, POINT, QUOTE, ZERO } from './json-syntax.js';
import { unescape } from './unescape.js';

/** Equals the most digits of any i64. */
const MOST_DIGITS = 19;
/** Counts the digits up to which a number holds an integer exactly. */
const EXACT_DIGITS = 15;
/** Counts the most characters of an escape per byte that the escape stands for. */
const LONGEST_ESCAPE = 6;
/** Combines the two 32-bit halves of an i64. */
const scratch = new DataView(new ArrayBuffer(8));
const HIGH = 4294967296;

/**
 * Reads the tokens of JSON (RFC 8259) directly from the bytes, and builds only the requested value.
 *
 * Accepts raw control characters in strings, because the Apache runtimes for Python and Node write
 * them.
 */
export class JsonTokens extends ByteCursor {
  /** The number of digits in the last integer. */
  private count = 0;

  /** Takes views of the message alone: a byte behind its end is undefined, which ends every token. */
  constructor(bytes: Uint8Array, limits: ThriftLimits, lenient = false) {
    super(bytes, limits, lenient, false);
  }

  blanks(): void {
    const { bytes } = this;
    while (isBlank(bytes[this.pos])) this.pos++;
  }

  /** Returns the first byte of the next token without moving past it. */
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

  /** Moves past a quote without blanks before it, as at either end of a number that is a key. */
  expectQuote(): void {
    if (this.bytes[this.pos] !== QUOTE) throw this.unexpected('a quote');
    this.pos++;
  }

  /**
   * Creates the error for an unexpected token. At the end of the text, the error is `truncated`.
   */
  unexpected(expected: string): ThriftReadError {
    if (this.pos >= this.end) return this.truncated(1);
    return new ThriftReadError('type-mismatch', `expected ${expected}, found other JSON`);
  }

  /** Reads an integer at the exact position. `name` is its type, for error messages. */
  integer(least: number, most: number, name: string): number {
    const value = this.scanInteger(name);
    if (value >= least && value <= most && this.count <= EXACT_DIGITS) return value;
    throw outOfRange(name);
  }

  i64(): bigint {
    const from = this.pos;
    const value = this.scanInteger('i64');
    if (this.count <= EXACT_DIGITS) {
      // This conversion takes a fraction of the time of `BigInt(value)`.
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

  /** Reads a finite number at the exact position. */
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

  /** Reads a string of at most `most` bytes of UTF-8. */
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
    // Check the size before memory is allocated for the string.
    if (to - from > most * LONGEST_ESCAPE) this.checkByteCount(to - from);
    const plain = unescape(bytes, from, to);
    if (plain.length > most) this.checkByteCount(plain.length);
    this.pos = to + 1;
    return decodeUtf8(plain, 0, plain.length, this.lenient);
  }

  /** Moves past an integer and returns it. The value is exact if {@link count} is small. */
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
    // Not `-value`, because integers have no -0.
    return negative ? 0 - value : value;
  }

  /** Reads digits without a leading zero, which JSON forbids. */
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
