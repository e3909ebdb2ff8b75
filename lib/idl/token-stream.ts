import type { IdlErrorCode, IdlError } from './errors.js';
import { errorAt, type Source } from './source.js';
import { describeToken, type Token, type TokenKind } from './tokens.js';

/**
 * Limits the nesting of types and constants. The limit turns a stack overflow into an error
 * message. Real schemas stay far below this limit.
 */
const MAX_NESTING = 200;

/** Reads tokens in order. The stream is the parsers' only state besides their arguments. */
export class TokenStream {
  /** The next implicit field id. Apache's compiler counts down from -1 in every list of fields. */
  nextImplicitFieldId = -1;
  private position = 0;
  private depth = 0;

  constructor(
    readonly source: Source,
    /** Never empty: the last token is of kind `end`. */
    private readonly tokens: readonly Token[],
    /** See the option of the same name in `LoadSchemaOptions`. */
    readonly allowNegativeFieldIds: boolean,
  ) {}

  /** Returns the token `ahead` places on; the end token past the end of the stream. */
  peek(ahead = 0): Token {
    const token = this.tokens[Math.min(this.position + ahead, this.tokens.length - 1)];
    if (token === undefined) throw new RangeError('a token stream needs at least the end token');
    return token;
  }

  next(): Token {
    const token = this.peek();
    if (this.position < this.tokens.length - 1) this.position += 1;
    return token;
  }

  /** True if the next token is this symbol or keyword. */
  at(text: string): boolean {
    const token = this.peek();
    return (token.kind === 'symbol' || token.kind === 'keyword') && token.text === text;
  }

  /** Consumes the next token if it is this symbol or keyword. */
  accept(text: string): boolean {
    if (!this.at(text)) return false;
    this.next();
    return true;
  }

  /** Consumes this symbol or keyword, or fails with "expected …". */
  expect(text: string, where: string): Token {
    if (!this.at(text)) throw this.unexpected(`"${text}" ${where}`);
    return this.next();
  }

  /** Consumes a token of this kind, or fails with "expected …". */
  expectKind<K extends TokenKind>(kind: K, what: string): Extract<Token, { kind: K }> {
    const token = this.peek();
    if (token.kind !== kind) throw this.unexpected(what);
    this.next();
    return token as Extract<Token, { kind: K }>;
  }

  /** Consumes an optional `,` or `;`. Apache's separators are always optional. */
  acceptSeparator(): void {
    if (!this.accept(',')) this.accept(';');
  }

  /** Runs `parse` one level deeper. */
  nested<T>(what: string, parse: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_NESTING) {
      throw this.error(this.peek().at, 'too-deep', `${what} nested more than ${MAX_NESTING} deep`);
    }
    const result = parse();
    this.depth -= 1;
    return result;
  }

  unexpected(expected: string): IdlError {
    const token = this.peek();
    return this.error(token.at, 'syntax', `expected ${expected}, found ${describeToken(token)}`);
  }

  error(at: number, code: IdlErrorCode, message: string): IdlError {
    return errorAt(this.source, at, code, message);
  }
}
