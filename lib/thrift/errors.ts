import apache from 'thrift/lib/nodejs/lib/thrift/thrift.js';
import { brand } from '../common/brand.js';
import { countAsTransportError } from '../common/transport-error.js';

/** `TProtocolException` of the `thrift` package, whose typings need the typings of a browser. */
type ProtocolExceptionClass = new (type: number, message: string) => Error & { type: number };

// The index of that package also loads its servers.
const TProtocolException: ProtocolExceptionClass = apache.TProtocolException;
const Code = apache.TProtocolExceptionType;

/**
 * Lists the reasons for rejecting bytes. The list is closed. Code that reads whole messages, not
 * the codecs, sets `wrong-message-type`, `unknown-method` and `unknown-service`.
 *
 * @publicApi
 */
export type ReadReason =
  | 'unknown-protocol'
  | 'bad-header'
  | 'wrong-message-type'
  | 'unknown-method'
  | 'unknown-service'
  | 'truncated'
  | 'type-mismatch'
  | 'missing-required'
  | 'limit-exceeded'
  | 'trailing-bytes'
  | 'invalid-utf8';

/**
 * Names the limit of a `limit-exceeded` error, as in {@link ThriftLimits}. `depth` also stands for 512
 * open containers. `size` is a negative size; `i64` is a value that a number cannot hold exactly.
 *
 * @publicApi
 */
export type ThriftLimitName = 'depth' | 'elements' | 'stringBytes' | 'calls' | 'size' | 'i64';

/**
 * Lists the reasons for rejecting a value. The list is closed.
 *
 * @publicApi
 */
export type WriteReason =
  | 'wrong-type'
  | 'out-of-range'
  | 'missing-required'
  | 'not-one-member'
  | 'duplicate-key'
  | 'unknown-field'
  | 'invalid-text'
  | 'limit-exceeded';

/** Maps limits to Apache's type codes (`TProtocolException.type`). */
const LIMIT_CODES: Record<ThriftLimitName, number> = {
  depth: Code.DEPTH_LIMIT,
  elements: Code.SIZE_LIMIT,
  stringBytes: Code.SIZE_LIMIT,
  calls: Code.SIZE_LIMIT,
  size: Code.NEGATIVE_SIZE,
  i64: Code.INVALID_DATA,
};

/**
 * Represents any error of encoding or decoding: a `TProtocolException` of the `thrift` package with
 * its `type` code.
 *
 * `path` gives the location: `startBackup.request.files[3].size`. Map locations are `labels[key 0]`
 * and `labels[value 0]`. The path is empty at the root. Neither `path` nor `message` contains
 * payload data.
 *
 * @publicApi
 */
export abstract class ThriftCodecError extends TProtocolException {
  static {
    brand(this, 'ThriftCodecError');
    countAsTransportError(this);
  }

  abstract readonly code: 'ERR_THRIFT_READ' | 'ERR_THRIFT_WRITE';
  abstract readonly reason: ReadReason | WriteReason;
  declare readonly stack?: string;
  path = '';

  constructor(
    type: number,
    readonly detail: string,
  ) {
    super(type, detail);
    // Apache's constructor captures the stack before it sets the message, so loggers would never
    // show the message.
    Error.captureStackTrace(this, new.target);
  }
}

/**
 * Reports that bytes were rejected.
 *
 * @publicApi
 */
export class ThriftReadError extends ThriftCodecError {
  static {
    brand(this, 'ThriftReadError');
  }

  readonly code = 'ERR_THRIFT_READ';
  readonly limit: ThriftLimitName | undefined;

  constructor(
    readonly reason: ReadReason,
    detail: string,
    limit?: ThriftLimitName,
  ) {
    const badVersion = reason === 'bad-header' || reason === 'unknown-protocol';
    super(limit ? LIMIT_CODES[limit] : badVersion ? Code.BAD_VERSION : Code.INVALID_DATA, detail);
    this.limit = limit;
  }
}

/**
 * Reports that a value was rejected before any of it was sent.
 *
 * @publicApi
 */
export class ThriftWriteError extends ThriftCodecError {
  static {
    brand(this, 'ThriftWriteError');
  }

  readonly code = 'ERR_THRIFT_WRITE';
  readonly limit: ThriftLimitName | undefined;

  constructor(
    readonly reason: WriteReason,
    detail: string,
    limit?: ThriftLimitName,
  ) {
    super(limit ? LIMIT_CODES[limit] : reason === 'limit-exceeded' ? Code.SIZE_LIMIT : Code.INVALID_DATA, detail);
    this.limit = limit;
  }
}

/**
 * Prepends one step to the path of an error: a field name, an index, or text in brackets.
 * Returns any other error unchanged, such as a getter's own error. An empty step also changes
 * nothing.
 */
export function within(error: unknown, step: string | number): unknown {
  if (!(error instanceof ThriftCodecError) || step === '') return error;
  const head = typeof step === 'number' ? `[${step}]` : step;
  // Read the stack first: an engine that formats the stack on demand uses the message at that
  // moment.
  const { message: before, stack } = error;
  error.path = error.path === '' || error.path.startsWith('[') ? head + error.path : `${head}.${error.path}`;
  error.message = `${error.path}: ${error.detail}`;
  if (stack !== undefined) {
    const value = stack.replace(before, () => error.message);
    Object.defineProperty(error, 'stack', { value, configurable: true, writable: true });
  }
  return error;
}
