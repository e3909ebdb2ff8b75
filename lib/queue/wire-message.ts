import type { QueueError } from './queue-error.js';

/**
 * What a message carries on the wire: text for carriers that take only text (SQS: base64 of Thrift bytes, or TJSONProtocol's own
 * text), bytes for those that take bytes. {@link Features.body} says which one a queue wants.
 */
export type WireBody = string | Uint8Array;

/** A message to send. */
export interface WireMessage {
  readonly body: WireBody;
  /** String attributes beside the body. SQS: at most 10, names of `[A-Za-z0-9_.-]`, values never empty. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Names of attributes that are numbers to whoever receives them, where a carrier tells (SQS: the type `Number`). */
  readonly numbers?: readonly string[];
  /** FIFO queues: the ordering group (required there). Standard SQS queues: the tenant for fair queues. */
  readonly groupId?: string;
  /** FIFO queues: messages with the same id within 5 minutes are stored once. */
  readonly deduplicationId?: string;
  /** Seconds before the message can be received, 0 to 900. Not on FIFO queues. */
  readonly delaySeconds?: number;
  /** The message that this one is a copy of: a carrier also copies what only it knows (SQS: attributes that are no text, the trace header). */
  readonly original?: ReceivedMessage;
}

/** What a carrier found broken, in the words of the reasons to reject it, with what exactly. */
export interface Defect {
  readonly reason: 'md5-mismatch' | 'bad-envelope' | 'too-large';
  /** For people; nothing of the content. */
  readonly detail: string;
}

/** What a message carries: what {@link ReceivedMessage} says of each. */
export type Content = Pick<ReceivedMessage, 'body' | 'attributes' | 'otherAttributes' | 'otherBytes'>;

/** A message as a queue handed it out. It stays hidden from other receivers until its lease ends. */
export interface ReceivedMessage {
  /** The id the queue gave the message when it stored it. */
  readonly id: string;
  readonly body: WireBody;
  readonly attributes: Readonly<Record<string, string>>;
  /** How many more attributes it has that are no text; default none. */
  readonly otherAttributes?: number;
  /**
   * How many more bytes a copy of it counts for than its body and attributes do: those of {@link otherAttributes}, and of types with longer
   * names than `String`. Default none.
   */
  readonly otherBytes?: number;
  readonly groupId?: string;
  /** How often this message has been handed out, this time included; 1 on the first delivery. */
  readonly receiveCount: number;
  /** When the queue stored it, in ms since the epoch, where the queue tells. */
  readonly sentAt?: number;
  /** When it was received, in ms by the clock of the receiver (`Clock`), which need not be the time of day. The lease is counted from here. */
  readonly receivedAt: number;
  /** The handle by which this delivery (not the message) is removed or hidden. Never logged. */
  readonly receipt: string;
  /** Set when the carrier itself found the message broken; its content must not be trusted. */
  readonly defect?: Defect;
  /** Set when the carrier could not get all of the content this time; the message is to be tried again. */
  readonly fault?: QueueError;
  /** What a copy of it carries, where the carrier took body and attributes out of something: as they were in the queue. */
  readonly copy?: Content;
  /** The carrier's own message object, for those who need more. */
  readonly raw: unknown;
}
