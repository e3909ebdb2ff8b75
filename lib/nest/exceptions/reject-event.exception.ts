import { RpcException } from '@nestjs/microservices';
import type { HandlerDecision } from '../../consume/delivery.js';
import { messageOf } from '../../diagnostics/error-text.js';
import { DECISION } from './handler-decision.js';

/**
 * Thrown by a handler that can never handle its message: the poison policy of the strategy decides what becomes of it.
 *
 * @example
 * throw new RejectEventException('the user was deleted');
 */
export class RejectEventException extends RpcException {
  readonly [DECISION]: HandlerDecision;
  /** Why, for the log and the dead-letter note. */
  readonly reason: string;

  /** @param reason its text is taken where it is none itself, as `getResponse()` of an HttpException */
  constructor(reason: string) {
    const text = messageOf(reason);
    super(text);
    this.reason = text;
    this[DECISION] = { type: 'reject', detail: text };
  }

  /** Itself: Nest's filter passes on what this returns, so the class survives. */
  override getError(): this {
    return this;
  }
}
