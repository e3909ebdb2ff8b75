/** Why an IDL was refused. The union is closed: a `switch` over it can be exhaustive. */
export type IdlErrorCode =
  | 'file-not-found'
  | 'file-unreadable'
  | 'syntax'
  | 'too-deep'
  | 'too-large'
  | 'bad-name'
  | 'bad-field-id'
  | 'bad-enum-value'
  | 'bad-constant'
  | 'bad-oneway'
  | 'bad-throws'
  | 'bad-union'
  | 'bad-annotation'
  | 'duplicate-name'
  | 'duplicate-field-id'
  | 'declared-below'
  | 'unknown-type'
  | 'unknown-service'
  | 'include-cycle'
  | 'typedef-cycle'
  | 'extends-cycle';

/** Where and why, for {@link IdlError}. */
export interface IdlErrorDetails {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly cause?: unknown;
}

/**
 * Thrown for everything that is wrong with an IDL: a file that cannot be read, a mistake in its text, an unknown service.
 *
 * The message starts with `file:line:column:` where a place is known, and goes on with the source line and a caret under the column.
 */
export class IdlError extends Error {
  override readonly name = 'IdlError';
  readonly code: IdlErrorCode;
  /** The file the mistake is in: absolute for files on disk, the given name for IDL held in memory. */
  readonly file: string;
  /** From 1; absent when the error is about a file as a whole. */
  readonly line: number | undefined;
  /** From 1, in UTF-16 code units, a tab counting as one; absent when the error is about a file as a whole. */
  readonly column: number | undefined;

  constructor(code: IdlErrorCode, message: string, details: IdlErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.file = details.file;
    this.line = details.line;
    this.column = details.column;
  }
}
