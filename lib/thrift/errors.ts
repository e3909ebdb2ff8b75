import thrift from 'thrift';

const { TProtocolException, TProtocolExceptionType: Code } = thrift.Thrift;

/** Why bytes were refused: a closed list. `wrong-message-type` to `trailing-bytes` are decided by whoever reads messages. */
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

/** Which limit a `limit-exceeded` names; `size` is a negative size, `i64` a value outside what a number holds exactly. */
export type ReadLimitName = 'depth' | 'elements' | 'stringBytes' | 'size' | 'i64';

/** Why a value was refused: a closed list. */
export type WriteReason =
  | 'wrong-type'
  | 'out-of-range'
  | 'missing-required'
  | 'not-one-member'
  | 'unknown-key'
  | 'invalid-text'
  | 'limit-exceeded';

/** Apache's type codes (`TProtocolException.type`) of the reasons that are not plain INVALID_DATA. */
const LIMIT_CODES: Record<ReadLimitName, number> = {
  depth: Code.DEPTH_LIMIT,
  elements: Code.SIZE_LIMIT,
  stringBytes: Code.SIZE_LIMIT,
  size: Code.NEGATIVE_SIZE,
  i64: Code.INVALID_DATA,
};

/**
 * The base of all errors of encoding and decoding, a `TProtocolException` of the `thrift` package with its `type` code.
 *
 * `path` tells where: `startBackup.request.files[3].size`; a map's are `labels[key 0]` and `labels[value 0]`. Empty at the root.
 * Neither `path` nor `message` holds anything of the payload.
 */
export abstract class ThriftCodecError extends TProtocolException {
  abstract readonly code: 'ERR_THRIFT_READ' | 'ERR_THRIFT_WRITE';
  abstract readonly reason: ReadReason | WriteReason;
  declare readonly stack?: string;
  path = '';

  constructor(
    type: number,
    readonly detail: string,
  ) {
    super(type, detail);
    // Apache's constructor captures the stack before it sets the message, which loggers then never show.
    Error.captureStackTrace(this, new.target);
  }
}

/** Bytes were refused. */
export class ThriftReadError extends ThriftCodecError {
  readonly code = 'ERR_THRIFT_READ';
  readonly limit: ReadLimitName | undefined;

  constructor(
    readonly reason: ReadReason,
    detail: string,
    limit?: ReadLimitName,
  ) {
    const badVersion = reason === 'bad-header' || reason === 'unknown-protocol';
    super(limit ? LIMIT_CODES[limit] : badVersion ? Code.BAD_VERSION : Code.INVALID_DATA, detail);
    this.limit = limit;
  }
}

/** A value was refused before any of it was sent. */
export class ThriftWriteError extends ThriftCodecError {
  readonly code = 'ERR_THRIFT_WRITE';

  constructor(
    readonly reason: WriteReason,
    detail: string,
  ) {
    super(reason === 'limit-exceeded' ? Code.SIZE_LIMIT : Code.INVALID_DATA, detail);
  }
}

/**
 * Puts one step before the path of an error on its way out: a field name, an index, or text in brackets as it is.
 * Anything else that was thrown (a getter's own error, for one) passes untouched, and so does the empty step.
 */
export function within(error: unknown, step: string | number): unknown {
  if (!(error instanceof ThriftCodecError) || step === '') return error;
  const head = typeof step === 'number' ? `[${step}]` : step;
  // Read first: an engine that formats the stack on demand uses the message of that moment.
  const { message: before, stack } = error;
  error.path = error.path === '' || error.path.startsWith('[') ? head + error.path : `${head}.${error.path}`;
  error.message = `${error.path}: ${error.detail}`;
  if (stack !== undefined) {
    const value = stack.replace(before, () => error.message);
    Object.defineProperty(error, 'stack', { value, configurable: true, writable: true });
  }
  return error;
}
