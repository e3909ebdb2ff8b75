import type { RejectReason } from '../../queue/settlement.js';
import type { ReceivedMessage } from '../../queue/wire-message.js';

/**
 * End of an accepted message.
 *
 * - `handled`: its handlers succeeded.
 * - `discarded`: the poison policy has dropped the message, or has copied it to a dead-letter queue.
 * - `given-back`: handling failed, or did not start, and the sender must send the message again.
 * - `given-up`: the message is too old, and the poison policy could not act on it. It is lost.
 * - `left`: the inbox was closed before the message was settled. It is lost.
 */
export type ArrivalEnd =
  | { readonly type: 'handled' }
  | { readonly type: 'discarded'; readonly reason: RejectReason }
  | { readonly type: 'given-back'; readonly seconds: number; readonly cause: 'failed' | 'not-started' }
  | { readonly type: 'given-up' }
  | { readonly type: 'left' };

/** A message that a carrier has accepted from a sender. */
export interface Arrival {
  readonly body: Uint8Array;
  /** Text beside the body, in an object without a prototype. Default: none. */
  readonly attributes?: ReceivedMessage['attributes'] | undefined;
  readonly groupId?: string | undefined;
  /** The carrier's own object for handlers, such as the address of the sender. */
  readonly raw?: unknown;
  /** Bytes that the message keeps in memory beside its body, such as its headers. Default 0. */
  readonly bytesBeside?: number | undefined;
  /**
   * Decides what a release does. `retry` keeps the message in memory until its next delivery.
   * `give-back` ends the message, for a sender that waits for an answer. Default `retry`.
   */
  readonly onRelease?: 'retry' | 'give-back' | undefined;
  /** Takes the end of the message, exactly once. Must not throw. */
  readonly ended?: ((end: ArrivalEnd) => void) | undefined;
}

/** The side of a carrier that accepts messages and pushes them into an inbox. */
export interface InboxOwner {
  /**
   * Accepts no more messages, and finishes those that are on their way. Resolves when it pushes
   * nothing any more. Called once; must not reject.
   */
  stop(): Promise<void>;
  /** Frees everything at once. Called once; must not reject. */
  close(): Promise<void>;
}
