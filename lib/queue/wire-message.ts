import type { QueueError } from './queue-error.js';

/**
 * Body of a message on the wire. A carrier takes text or bytes, as {@link QueueFeatures.body} says.
 * SQS takes text: base64 of Thrift bytes, or the text of TJSONProtocol.
 *
 * @publicApi
 */
export type WireBody = string | Uint8Array;

/**
 * Describes a message to send.
 *
 * @publicApi
 */
export interface WireMessage {
  readonly body: WireBody;
  /**
   * String attributes beside the body. SQS accepts at most 10, with names of `[A-Za-z0-9_.-]` and
   * non-empty values.
   */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  /** Names of attributes that the carrier marks as numbers (SQS: the type `Number`). */
  readonly numbers?: readonly string[] | undefined;
  /** Ordering group, required on FIFO queues. Tenant of fair queues on standard SQS queues. */
  readonly groupId?: string | undefined;
  /** Deduplication id. FIFO queues store messages with the same id within 5 minutes once. */
  readonly deduplicationId?: string | undefined;
  /** Seconds before the message can be received, 0 to 900. FIFO queues take no delay. */
  readonly delaySeconds?: number | undefined;
  /** Header by which the tracer of the carrier finds the trace of a message (SQS: `AWSTraceHeader`). */
  readonly traceHeader?: string | undefined;
  /**
   * Set if this message is a copy of a received message. The carrier then also copies its own data
   * (SQS: attributes that are not text, the trace header).
   */
  readonly original?: ReceivedMessage | undefined;
}

/**
 * Describes a message that must not reach a handler: the carrier found it broken, or has retried it
 * for too long.
 *
 * @publicApi
 */
export interface Defect {
  readonly reason: 'md5-mismatch' | 'bad-envelope' | 'too-large' | 'expired';
  /** Text for people. Contains nothing of the message. */
  readonly detail: string;
}

/** Content of a message, as {@link ReceivedMessage} describes each part. */
export type Content = NonNullable<ReceivedMessage['copy']>;

/**
 * Describes a message that a queue handed out. The message stays hidden from other receivers until
 * its lease ends.
 *
 * @publicApi
 */
export interface ReceivedMessage {
  /** Id that the queue assigned to the stored message. */
  readonly id: string;
  readonly body: WireBody;
  readonly attributes: Readonly<Record<string, string>>;
  /** Number of further attributes that are not text. Default: 0. */
  readonly otherAttributes?: number | undefined;
  /**
   * Bytes that a copy counts in addition to its body and attributes: {@link otherAttributes}, and
   * types with longer names than `String`. Default: 0.
   */
  readonly otherBytes?: number | undefined;
  readonly groupId?: string | undefined;
  /** Number of deliveries of the message, this delivery included. */
  readonly receiveCount: number;
  /** Trace of the message, as {@link WireMessage.traceHeader} describes. */
  readonly traceHeader?: string | undefined;
  /** Time at which the queue stored the message, in ms since the epoch. Absent if unknown. */
  readonly sentAt?: number | undefined;
  /**
   * Time of the receive, in ms of the receiver's `Clock`. May differ from the time of day. The
   * lease starts here.
   */
  readonly receivedAt: number;
  /** Handle of this delivery, for acknowledging, releasing and extending. Never logged. */
  readonly receipt: string;
  /** Set if the carrier found the message broken. Its content must not be trusted. */
  readonly defect?: Defect | undefined;
  /** Set if the carrier could not load the whole content. The message must be retried. */
  readonly fault?: QueueError | undefined;
  /**
   * Content for a copy, as it was in the queue. Set if the carrier unwrapped the body and the
   * attributes.
   */
  readonly copy?: Pick<ReceivedMessage, 'body' | 'attributes' | 'otherAttributes' | 'otherBytes'> | undefined;
  /** The carrier's own message object. */
  readonly raw: unknown;
  /**
   * Data of the tracer of this process. A field, since a WeakMap of messages costs as much as a message.
   *
   * @internal
   */
  traced?: object | undefined;
}

/** Type of an attribute. Its name counts towards the size. `Number`, the other type, is as long. */
export const ATTRIBUTE_TYPE = 'String';

/**
 * Counts the bytes of a message: the body, and the name, type and value of each attribute, in UTF-8
 * (Amazon SQS API reference, SendMessage: "the message size includes … message attributes").
 * For a copy, also counts what the carrier copies. The result is slightly too large if the copy
 * leaves out attributes.
 */
export function messageBytes({ body, attributes, original }: WireMessage): number {
  const { otherBytes = 0 } = original?.copy ?? original ?? {};
  let bytes = otherBytes + (typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength);
  if (attributes === undefined) return bytes;
  for (const [name, value] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + ATTRIBUTE_TYPE.length + Buffer.byteLength(value);
  }
  return bytes;
}

/**
 * Matches a character outside `#x9 #xA #xD #x20-#xD7FF #xE000-#xFFFD #x10000-#x10FFFF` (SQS API
 * reference, SendMessage).
 */
const FORBIDDEN = /[^\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Returns the first character of a text that a queue refuses, or undefined. */
export function forbiddenCharacter(text: string): string | undefined {
  return FORBIDDEN.exec(text)?.[0];
}
