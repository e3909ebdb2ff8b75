import type { QueueError } from './queue-error.js';
import type { RejectReason } from './settlement.js';
import type { ReceivedMessage, WireMessage } from './wire-message.js';

/**
 * States what a carrier can promise. The engines obey the table, and the contract suite proves its
 * promises.
 *
 * @publicApi
 */
export interface QueueFeatures {
  /** True if messages survive the process that sent them. */
  readonly persistent: boolean;
  /**
   * True if a received message comes back after its lease, unless it is acknowledged, discarded or
   * extended. Without leases the engine renews nothing.
   */
  readonly leases: boolean;
  /** True if the messages of a group arrive in the order they were sent. */
  readonly ordered: boolean;
  /** True if attributes travel beside the body. */
  readonly attributes: boolean;
  /** True if a message can be sent with a delay. */
  readonly delay: boolean;
  /** True if a receive can wait for a message to arrive. */
  readonly longPolling: boolean;
  /**
   * True if aborting an open receive neither loses nor hides a message. A stopping worker then
   * aborts its open receives instead of waiting for them.
   */
  readonly abortableReceive: boolean;
  /**
   * True if a received message can be sent to the same queue again, and arrives in the same form.
   * Otherwise a body with failed calls is retried as a whole.
   */
  readonly resend: boolean;
  /** Type of {@link WireMessage.body}. */
  readonly body: 'text' | 'bytes';
}

/**
 * Limits sizes and counts of a carrier.
 *
 * @publicApi
 */
export interface QueueLimits {
  /** Bytes of one message: body + attribute names, types and values in UTF-8. */
  readonly messageBytes: number;
  /** Bytes of all messages of one send. */
  readonly batchBytes: number;
  /** Entries of one call of a verb. */
  readonly batchEntries: number;
  /** Attributes of one message. */
  readonly attributes: number;
  /** Seconds a message can stay hidden, counted from its receive. Ignored without leases. */
  readonly leaseSeconds: number;
  /** Receives that may be open at the same time. Default: no limit. */
  readonly receives?: number | undefined;
  /**
   * Longest wait of a worker's receive in seconds. A stopping worker waits for its open receives.
   * Absent if only the option `waitTimeSeconds` counts.
   */
  readonly waitSeconds?: number | undefined;
}

/**
 * Describes where a queue moves messages that were received too often.
 *
 * @publicApi
 */
export interface RedrivePolicy {
  /** Number of receives after which a message moves to the dead-letter queue. */
  readonly maxReceiveCount: number;
  /** The dead-letter queue, as the carrier names it (SQS: its ARN). */
  readonly target: string;
}

/**
 * Result of one entry. A verb returns results in the order of its entries.
 *
 * @publicApi
 */
export type EntryResult = { readonly ok: true } | { readonly ok: false; readonly error: QueueError };

/**
 * Result of one sent message, with the id of the stored message.
 *
 * @publicApi
 */
export type SendResult =
  { readonly ok: true; readonly id: string } | { readonly ok: false; readonly error: QueueError };

/**
 * Configures one receive.
 *
 * @publicApi
 */
export interface ReceiveOptions {
  /** Largest number of messages, from 1 to {@link QueueLimits.batchEntries}. */
  readonly max: number;
  /** Seconds to wait for a first message; 0 returns at once. */
  readonly waitSeconds: number;
  /** Seconds the messages stay hidden from other receivers. */
  readonly visibilityTimeoutSeconds: number;
  /**
   * Aborts the receive. Without {@link QueueFeatures.abortableReceive} the queue may have handed out
   * messages already. SQS hides those messages until their visibility timeout ends.
   */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A message that will never be handled here, with the reason.
 *
 * @publicApi
 */
export interface Discard {
  readonly message: ReceivedMessage;
  readonly reason: RejectReason;
}

/**
 * A message that goes back to its queue.
 *
 * @publicApi
 */
export interface Release {
  readonly message: ReceivedMessage;
  /** Seconds until the message is visible again; 0 makes it visible at once. */
  readonly seconds: number;
  /** `failed`: handling failed or was given up. `not-started`: no handler saw the message. */
  readonly cause: 'failed' | 'not-started';
}

/**
 * A message that stays with its receiver for longer.
 *
 * @publicApi
 */
export interface LeaseExtension {
  readonly message: ReceivedMessage;
  /** Seconds from now until the lease ends, at least 1. */
  readonly seconds: number;
}

/** States what both ends of a carrier have in common. */
interface QueueEnd {
  /** Name of the queue or topic for logs and errors. Never contains a secret. */
  readonly name: string;
  /**
   * Kind, name and place of the queue for people, as in `queue "backup" (region eu-west-1, endpoint of AWS)`.
   * Never contains a secret. Default: the name.
   */
  readonly location?: string | undefined;
  /** Kind of the queue for traces and metrics, such as `sqs`. Default: `custom`. */
  readonly carrier?: string | undefined;
  /** URL of the queue for traces, without a secret. */
  readonly url?: string | undefined;
  readonly features: QueueFeatures;
  readonly limits: QueueLimits;
  close(): Promise<void>;
}

/**
 * The sending end of a carrier, such as an SNS topic. The contract of {@link Queue} holds for its
 * verb.
 *
 * @publicApi
 */
export interface MessageSender extends QueueEnd {
  /** Stores messages. */
  send(messages: readonly WireMessage[]): Promise<readonly SendResult[]>;
  /**
   * Asks for an answer without any effect, so that a client knows if messages could be sent. Rejects
   * with a {@link QueueError} if there is none. Present if the carrier has such a request.
   */
  check?(): Promise<void>;
  /**
   * Returns the bytes that a message counts for in a send. Present if the carrier keeps a part of
   * the message elsewhere. Default: body and attributes.
   */
  wireBytes?(message: WireMessage): number;
}

/**
 * The receiving end of a carrier. The contract of {@link Queue} holds for its verbs.
 *
 * @publicApi
 */
export interface MessageReceiver extends QueueEnd {
  /**
   * Redrive policy of the queue itself. Absent if the queue moves no messages, so a message that
   * always fails comes back until it expires. `unknown` if this process may not read the policy.
   */
  readonly redrive?: RedrivePolicy | 'unknown' | undefined;
  /** Takes messages, each with a lease where the carrier has leases. */
  receive(options: ReceiveOptions): Promise<readonly ReceivedMessage[]>;
  /** Removes handled messages. */
  acknowledge(messages: readonly ReceivedMessage[]): Promise<readonly EntryResult[]>;
  /**
   * Removes messages that will never be handled here. The poison policy has dropped them, or has
   * copied them to a dead-letter queue before.
   */
  discard(discards: readonly Discard[]): Promise<readonly EntryResult[]>;
  /**
   * Gives messages back that were not handled. Each message becomes visible again after its
   * seconds. Answers `lease-lost` for a message that another receiver may hold.
   */
  release(releases: readonly Release[]): Promise<readonly EntryResult[]>;
  /**
   * Keeps the leases of messages that are being handled. Answers `lease-lost` as `release` does.
   * A carrier without leases answers that all entries succeeded.
   */
  extend(extensions: readonly LeaseExtension[]): Promise<readonly EntryResult[]>;
  /**
   * Accepts no more messages from senders. Resolves once every accepted message is acknowledged or
   * discarded. Present if the messages are in the memory of this process: a stopping worker then
   * receives on until the promise resolves, or the drain timeout is over. Idempotent; must not
   * reject.
   */
  readonly drain?: (() => Promise<void>) | undefined;
  /**
   * Hands out every message that is left, those in hand and those that wait for a retry included. A
   * worker whose drain timeout is over rejects them, so that the poison policy decides. Present with
   * {@link drain}.
   */
  readonly takeRest?: (() => readonly ReceivedMessage[]) | undefined;
}

/**
 * The port behind which every carrier stands, with both ends in one object.
 *
 * Contract:
 * - Each verb takes 1 to {@link QueueLimits.batchEntries} entries and answers entry by entry, in
 *   order.
 * - A verb rejects with a {@link QueueError} only if the request failed as a whole. The caller then
 *   knows nothing about the entries.
 * - Verbs may be called concurrently and in any order.
 * - After `close` every verb rejects with the code `QueueClosed`. `close` is idempotent.
 *
 * @publicApi
 */
export interface Queue extends MessageSender, MessageReceiver {}

/** Returns the sending end of a receiver whose messages can be sent to the same queue again ({@link QueueFeatures.resend}). */
export function resenderOf(receiver: MessageReceiver): MessageSender | undefined {
  return receiver.features.resend && 'send' in receiver ? (receiver as Queue) : undefined;
}
