import { ThriftTransportError } from '../common/transport-error.js';
import { brand } from '../common/brand.js';
import type { RejectReason } from '../queue/settlement.js';
import { ThriftReadError } from '../thrift/errors.js';

/**
 * Reports a body that can never become a call. The message never quotes the body.
 *
 * @publicApi
 */
export class MalformedEventError extends ThriftTransportError {
  static {
    brand(this, 'MalformedEventError');
  }

  override readonly name = 'MalformedEventError';
  readonly code = 'malformed-event';

  constructor(
    readonly reason: RejectReason,
    /** Gives the exact fault for people. Names in this text are cut and escaped. */
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${reason}: ${detail}`, options);
  }
}

/**
 * Classifies a mismatch: the contract lacks what a call asks for, or a call lacks what the contract
 * requires.
 *
 * @publicApi
 */
export type ContractErrorCode =
  'unknown-service' | 'unknown-method' | 'ambiguous-method' | 'not-oneway' | 'missing-argument' | 'missing-id';

/**
 * Reports a call that does not fit the client's services. Thrown before anything is sent.
 *
 * @publicApi
 */
export class ContractError extends ThriftTransportError {
  static {
    brand(this, 'ContractError');
  }

  override readonly name = 'ContractError';

  constructor(
    readonly code: ContractErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Converts the error of a reader into the reason to reject the body. Returns other errors
 * unchanged, since they are defects of this library.
 */
export function malformed(error: unknown, callsRead: number): unknown {
  if (!(error instanceof ThriftReadError)) return error;
  const where = callsRead === 0 || error.limit === 'calls' ? '' : ` (in call ${callsRead + 1} of the body)`;
  return new MalformedEventError(error.reason, error.message + where, { cause: error });
}
