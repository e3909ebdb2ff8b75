import type { ReceivedMessage } from '../queue/wire-message.js';
import type { OnewayCall } from '../event/contract.js';
import type { Settlement } from '../queue/settlement.js';

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
  /** True once the queue has said that this delivery is not ours any more: neither acknowledge nor extend it. */
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

/** One delivery of a message on its way through the middleware. */
export interface Delivery {
  readonly message: ReceivedMessage;
  readonly lease: Lease;
  /** Aborts when the lease is lost or the worker stops and waits no longer; what a handler gets also at the deadline of its call. */
  readonly signal: AbortSignal;
  /** The calls of the body, filled once it is decoded. */
  readonly calls: OnewayCall[];
}

/** Handles a delivery to its end. */
export type DeliveryHandler = (delivery: Delivery) => Promise<Settlement>;

/** Runs one call, `at` of those of the body. Resolves when it is handled, rejects when it is not. */
export type CallHandler = (call: OnewayCall, delivery: Delivery, at: number) => Promise<void>;

/**
 * Sees what a handler failed with and says what becomes of the message; undefined leaves it to the retry policy. Where several failed it
 * sees each of them. It never sees that the worker stops, that another delivery is at the event, that the idempotency store or the carrier
 * failed, or that a body is malformed.
 */
export type ErrorClassifier = (error: unknown) => HandlerDecision | undefined;

/** What a handler or a classification asks for. */
export type HandlerDecision =
  { readonly type: 'retry'; readonly delaySeconds?: number } | { readonly type: 'reject'; readonly detail: string };
