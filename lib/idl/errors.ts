import { ThriftTransportError } from '../common/transport-error.js';
import { brand } from '../common/brand.js';

/**
 * Lists the reasons for rejecting an IDL. The union is closed, so a `switch` over it can be
 * exhaustive.
 *
 * @publicApi
 */
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

/**
 * Gives the location and cause of an {@link IdlError}.
 *
 * @publicApi
 */
export interface IdlErrorDetails {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly cause?: unknown;
}

/**
 * Reports any problem with an IDL: an unreadable file, a mistake in its text, an unknown service.
 *
 * The message starts with `file:line:column:` if the location is known. The source line follows,
 * with a caret under the column.
 *
 * @publicApi
 */
export class IdlError extends ThriftTransportError {
  static {
    brand(this, 'IdlError');
  }

  override readonly name = 'IdlError';
  readonly code: IdlErrorCode;
  /**
   * Names the file that contains the mistake: an absolute path on disk, or the given name for IDL
   * held in memory.
   */
  readonly file: string;
  /** Starts at 1. Absent when the error concerns a whole file. */
  readonly line: number | undefined;
  /**
   * Starts at 1 and counts UTF-16 code units; a tab counts as one unit. Absent when the error
   * concerns a whole file.
   */
  readonly column: number | undefined;

  constructor(code: IdlErrorCode, message: string, details: IdlErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.file = details.file;
    this.line = details.line;
    this.column = details.column;
  }
}
