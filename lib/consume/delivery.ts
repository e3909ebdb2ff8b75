import type { OnewayCall } from '../event/oneway-call.js';
import type { Settlement } from '../queue/settlement.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import type { Lease } from './lease.js';

/** One delivery of a message on its way through the stages. */
export interface Delivery {
  readonly message: ReceivedMessage;
  readonly lease: Lease;
  /** Aborts when the lease is lost or the worker stops and waits no longer; what a handler gets also at the deadline of its call. */
  readonly signal: AbortSignal;
  /** The calls of the body, filled once it is decoded. */
  readonly calls: OnewayCall[];
}

/** Handles a delivery to its end. */
export type Handle = (delivery: Delivery) => Promise<Settlement>;

/** Runs one call, `at` of those of the body. Resolves when it is handled, rejects when it is not. */
export type Dispatch = (call: OnewayCall, delivery: Delivery, at: number) => Promise<void>;

/**
 * Sees what a handler failed with and says what becomes of the message; undefined leaves it to the retry policy. Where several failed it
 * sees each of them. It never sees that the worker stops, that another delivery is at the event, that the idempotency store or the carrier
 * failed, or that a body is malformed.
 */
export type Classify = (error: unknown) => Verdict | undefined;

/** What a handler or a classification asks for. */
export type Verdict =
  { readonly type: 'retry'; readonly delaySeconds?: number } | { readonly type: 'reject'; readonly detail: string };
