import { RpcException } from '@nestjs/microservices';
import type { Verdict } from '../../consume/delivery.js';
import { VERDICT } from './verdict.js';

/**
 * Thrown by a handler that can never handle its message: the poison policy of the strategy decides what becomes of it.
 *
 * @example
 * throw new RejectEventException('the user was deleted');
 */
export class RejectEventException extends RpcException {
  readonly [VERDICT]: Verdict;

  constructor(
    /** Why, for the log and the dead-letter note. */
    readonly reason: string,
  ) {
    super(reason);
    this[VERDICT] = { type: 'reject', detail: reason };
  }

  /** Itself: Nest's filter passes on what this returns, so the class survives. */
  override getError(): this {
    return this;
  }
}
