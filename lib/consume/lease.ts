import type { ReceivedMessage } from '../queue/wire-message.js';

/** Why a lease's signal aborted. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';

  constructor(messageId: string) {
    super(`the lease of message ${messageId} is lost: the queue may have given it to another receiver`);
  }
}

/** Why a handler's signal aborted when the worker could wait no longer. */
export class WorkerStoppedError extends Error {
  override readonly name = 'WorkerStoppedError';

  constructor() {
    super('the worker stops and its drainTimeoutMs is over');
  }
}

/** The right to handle one delivery, from its receive to its settlement. */
export interface Lease {
  readonly message: ReceivedMessage;
  /** Aborts when the lease is lost or the worker gives the handler up. */
  readonly signal: AbortSignal;
  /** True once the queue has said that this delivery is not ours any more: neither ack nor hide it. */
  readonly lost: boolean;
  /**
   * Hides the message for `seconds` from now and keeps renewing from there.
   *
   * @throws RangeError not a whole number of seconds from 1 to what the queue grants
   * @throws QueueError the queue refused, or the message is settled or lost already (`lease-lost`)
   */
  extend(seconds: number): Promise<void>;
  /** Aborts the signal. */
  abort(reason: Error): void;
  /** Ends renewal. Resolves when no renewal of this message is under way, so that a late one cannot undo the settlement. */
  stop(): Promise<void>;
}
