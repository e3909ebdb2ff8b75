import type { QueueError } from './queue-error.js';

/**
 * What a message carries on the wire: text for carriers that take only text (SQS: base64 of Thrift bytes, or TJSONProtocol's own
 * text), bytes for those that take bytes. {@link QueueFeatures.body} says which one a queue wants.
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

/** The type of attributes; its name counts towards the size of each. `Number`, the only other one that is sent, is as long. */
export const ATTRIBUTE_TYPE = 'String';

/**
 * Bytes that a message counts for: body, and each attribute's name, type and value, in UTF-8
 * (Amazon SQS API reference, SendMessage: "the message size includes … message attributes"). A copy of a message counts for what the
 * carrier copies as well; a little more than that where it leaves attributes out.
 */
export function messageBytes({ body, attributes = {}, original }: WireMessage): number {
  const { otherBytes = 0 } = original?.copy ?? original ?? {};
  let bytes = otherBytes + (typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength);
  for (const [name, value] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + ATTRIBUTE_TYPE.length + Buffer.byteLength(value);
  }
  return bytes;
}

/** Whatever is not of the characters a queue takes: `#x9 #xA #xD #x20-#xD7FF #xE000-#xFFFD #x10000-#x10FFFF` (SQS API reference, SendMessage). */
const FORBIDDEN = /[^\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** The first character of a text that a queue would not take, if there is one. */
export function forbiddenCharacter(text: string): string | undefined {
  return FORBIDDEN.exec(text)?.[0];
}
