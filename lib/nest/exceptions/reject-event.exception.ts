import { RpcException } from '@nestjs/microservices';
import { brand } from '../../common/brand.js';
import { countAsTransportError } from '../../common/transport-error.js';
import type { HandlerDecision } from '../../consume/delivery.js';
import { messageOf } from '../../diagnostics/error-text.js';
import { DECISION } from './handler-decision.js';

/**
 * Rejects a message that its handler can never handle. Throw this exception in the handler; the
 * poison policy of the strategy then decides the message's fate.
 *
 * @example
 * throw new RejectEventException('the user was deleted');
 * @publicApi
 */
export class RejectEventException extends RpcException {
  static {
    brand(this, 'RejectEventException');
    countAsTransportError(this);
  }

  /** Stable code, as of every error of this package. */
  readonly code = 'reject-event';
  /** @internal */
  readonly [DECISION]: HandlerDecision;
  /** Gives the reason, for the log and the dead-letter note. */
  readonly reason: string;

  /**
   * @param reason a text, or a value whose text is taken, such as `getResponse()` of an
   * HttpException
   */
  constructor(reason: string) {
    const text = messageOf(reason);
    super(text);
    this.reason = text;
    this[DECISION] = { type: 'reject', detail: text };
  }

  /** Returns the exception itself. Nest's filter passes this value on, so the class survives. */
  override getError(): this {
    return this;
  }
}
