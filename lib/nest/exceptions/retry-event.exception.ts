import { RpcException } from '@nestjs/microservices';
import { brand } from '../../common/brand.js';
import { describeOption } from '../../common/option-names.js';
import { countAsTransportError } from '../../common/transport-error.js';
import type { HandlerDecision } from '../../consume/delivery.js';
import { DECISION } from './handler-decision.js';

/**
 * Asks for another delivery of the message later. Throw this exception in a handler.
 *
 * @example
 * throw new RetryEventException(60, 'the storage is in maintenance');
 * @publicApi
 */
export class RetryEventException extends RpcException {
  static {
    brand(this, 'RetryEventException');
    countAsTransportError(this);
  }

  /** Stable code, as of every error of this package. */
  readonly code = 'retry-event';
  /** @internal */
  readonly [DECISION]: HandlerDecision;

  /**
   * @param delaySeconds whole seconds until the message is visible again, 0 to 43 200. Default: the
   * retry policy decides
   * @throws RangeError the delay is out of range
   */
  constructor(
    readonly delaySeconds?: number | undefined,
    message = 'the handler asked for a retry',
  ) {
    super(message);
    if (
      delaySeconds !== undefined &&
      !(Number.isInteger(delaySeconds) && delaySeconds >= 0 && delaySeconds <= 43_200)
    ) {
      throw new RangeError(`a retry delay is 0 to 43 200 whole seconds, not ${describeOption(delaySeconds)}`);
    }
    this[DECISION] = { type: 'retry', ...(delaySeconds !== undefined && { delaySeconds }) };
  }

  /** Returns the exception itself. Nest's filter passes this value on, so the class survives. */
  override getError(): this {
    return this;
  }
}
