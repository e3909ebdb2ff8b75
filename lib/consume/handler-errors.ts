import { countAsTransportError, ThriftTransportError } from '../common/transport-error.js';
import { brand } from '../common/brand.js';

/**
 * Reason of the abort of a handler's signal at its deadline.
 *
 * @publicApi
 */
export class HandlerTimeoutError extends ThriftTransportError {
  static {
    brand(this, 'HandlerTimeoutError');
  }

  override readonly name = 'HandlerTimeoutError';
  readonly code = 'handler-timeout';

  constructor(ms: number) {
    super(`the handler took longer than handlerTimeoutMs (${ms} ms)`);
  }
}

/**
 * Thrown if several handlers of one message failed. A class of its own: a handler may throw an
 * AggregateError that is a single failure.
 *
 * @publicApi
 */
export class HandlersFailedError extends AggregateError {
  static {
    brand(this, 'HandlersFailedError');
    countAsTransportError(this);
  }

  override readonly name = 'HandlersFailedError';
  readonly code = 'handlers-failed';

  constructor(errors: readonly unknown[]) {
    super(
      errors.flatMap((error) => (error instanceof HandlersFailedError ? (error.errors as unknown[]) : [error])),
      `${errors.length} handlers failed`,
    );
  }
}

/** Thrown if some calls of a body failed and others did not. */
export class CallsFailedError extends HandlersFailedError {
  constructor(
    /** Errors by position of the call in the body. */
    readonly failures: ReadonlyMap<number, unknown>,
    /** True if the failed calls can be sent to the queue again. */
    readonly canBeSplit: boolean,
    /** Position of the first call that cannot be handled. Undefined if all calls were read. */
    readonly unreadable: number | undefined,
  ) {
    super([...failures.values()]);
  }
}

/** Returns the one error, or a HandlersFailedError of several. */
export function errorOf(errors: readonly unknown[]): unknown {
  return errors.length === 1 ? errors[0] : new HandlersFailedError(errors);
}
