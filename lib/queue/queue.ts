import type { QueueError } from './queue-error.js';
import type { ReceivedMessage, WireMessage } from './wire-message.js';

/** What a carrier can promise. The contract suite proves exactly what the table says. */
export interface QueueFeatures {
  /** Messages survive the process that sent them. */
  readonly persistent: boolean;
  /** A received message that is neither acknowledged, released nor extended comes back when its lease ends. */
  readonly leases: boolean;
  /** Messages of a group arrive in the order they were sent. */
  readonly ordered: boolean;
  readonly attributes: boolean;
  readonly delay: boolean;
  /** A receive can wait for a message to arrive. */
  readonly longPolling: boolean;
  /** What {@link WireMessage.body} must be. */
  readonly body: 'text' | 'bytes';
}

/** The sizes a carrier accepts. */
export interface QueueLimits {
  /** Bytes of one message: body + attribute names, types and values in UTF-8. */
  readonly messageBytes: number;
  /** Bytes of all messages of one send. */
  readonly batchBytes: number;
  /** Entries of one send, receive, acknowledge, release or extend. */
  readonly batchEntries: number;
  /** Attributes of one message. */
  readonly attributes: number;
  /** Seconds a message can stay hidden, counted from its receive. */
  readonly leaseSeconds: number;
}

/** Where a queue moves messages that were received too often. */
export interface RedrivePolicy {
  /** After so many receives a message is moved instead of being handed out again. */
  readonly maxReceiveCount: number;
  /** The dead-letter queue, as the carrier names it (SQS: its ARN). */
  readonly target: string;
}

/** Entry by entry, in the order of the request: whether it took effect. */
export type EntryResult = { readonly ok: true } | { readonly ok: false; readonly error: QueueError };

/** As {@link EntryResult}, with the id of the stored message. */
export type SendResult =
  { readonly ok: true; readonly id: string } | { readonly ok: false; readonly error: QueueError };

/** Options of one receive. */
export interface ReceiveOptions {
  /** At most so many messages, 1 to {@link QueueLimits.batchEntries}. */
  readonly max: number;
  /** Seconds to wait for a first message; 0 returns at once. */
  readonly waitSeconds: number;
  /** Seconds the messages stay hidden from others. */
  readonly visibilityTimeoutSeconds: number;
  /**
   * Cuts the request. The queue may already have handed messages to it: on SQS they stay hidden for their whole visibility
   * timeout, so an orderly stop waits for open receives instead.
   */
  readonly signal?: AbortSignal;
}

/** A message and when it becomes visible again. */
export interface VisibilityChange {
  readonly message: ReceivedMessage;
  /** Seconds from now; 0 makes it visible at once. */
  readonly seconds: number;
}

/**
 * The half of the port that only sends: every {@link Queue} has it, and a topic that hands copies to many queues has nothing else.
 * What is said of verbs at {@link Queue} holds for `send`.
 */
export interface MessageSender {
  /** For people: the name of the queue or topic, never a secret. */
  readonly name: string;
  readonly features: QueueFeatures;
  readonly limits: QueueLimits;
  send(messages: readonly WireMessage[]): Promise<readonly SendResult[]>;
  /** The bytes a message counts for in a send, where a carrier keeps a part of it elsewhere. Default: body and attributes. */
  wireBytes?(message: WireMessage): number;
  close(): Promise<void>;
}

/**
 * The port behind which every carrier stands: Amazon SQS, memory, and whatever else has these verbs.
 *
 * Contract: each verb takes 1 to {@link QueueLimits.batchEntries} entries and answers entry by entry, in order. A verb rejects with
 * a {@link QueueError} only when the request as a whole failed; then nothing is known of its entries. Verbs may be called
 * concurrently and in any order. After `close` every verb rejects with the code `QueueClosed`; `close` is idempotent.
 */
export interface Queue extends MessageSender {
  /**
   * Absent when the queue moves nothing by itself, so a message that always fails comes back until it expires. `unknown` when we may not
   * look.
   */
  readonly redrive?: RedrivePolicy | 'unknown';
  /** Set when what is received was wrapped by somebody else, so that what is sent here would not be received as it was sent. */
  readonly wrapped?: true;
  receive(options: ReceiveOptions): Promise<readonly ReceivedMessage[]>;
  /** Removes messages from the queue: they are handled, or will never be handled here. */
  acknowledge(messages: readonly ReceivedMessage[]): Promise<readonly EntryResult[]>;
  /**
   * Gives messages back: each becomes visible again after its seconds, at once with 0. Answers
   * `lease-lost` for a message that another receiver may hold.
   */
  release(changes: readonly VisibilityChange[]): Promise<readonly EntryResult[]>;
  /**
   * Keeps the leases of messages that are being handled: each stays hidden for its seconds from
   * now, at least 1. Answers as `release` does. A carrier may implement both verbs in the same way.
   */
  extend(changes: readonly VisibilityChange[]): Promise<readonly EntryResult[]>;
}
