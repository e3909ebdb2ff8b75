/** A message attribute as stored: bytes where the wire has base64. */
export interface AttributeValue {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

/** Holds the content of a send. */
export interface Draft {
  readonly body: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly traceHeader?: string;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly delaySeconds?: number;
}

/** Where a message is. `gone`: removed, expired, purged or moved to another queue. */
export type MessageState = 'visible' | 'delayed' | 'in-flight' | 'gone';

/** A message of one queue. Times are in ms since the epoch by the fake's clock. */
export interface StoredMessage extends Omit<Draft, 'delaySeconds'> {
  readonly id: string;
  readonly bodyMd5: string;
  readonly attributesMd5?: string;
  readonly sequenceNumber?: string;
  readonly sentAt: number;
  /** ARN of the queue that gave it up. */
  readonly deadLetterSource?: string;
  state: MessageState;
  /**
   * Counts the changes of {@link state}. The count separates current notes from notes about an
   * earlier state.
   */
  version: number;
  /** When a delayed or in-flight message becomes visible. */
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt: number | undefined;
  /** The latest receive, from which the 12 hours of a visibility timeout count. */
  receivedAt: number;
  /** The number of the latest delivery, which the valid receipt handle has in it. 0: none yet. */
  delivery: number;
  /** When it was removed by its receiver. */
  removedAt: number | undefined;
}

/** One message in the answer of one receive; later deliveries do not change it. */
export interface Delivery {
  readonly message: StoredMessage;
  readonly handle: string;
  readonly receiveCount: number;
}

/** Messages that a receive could hand out now, in the queue's order. */
export interface Shelf {
  /** A message came to the queue, visible or not. */
  join(message: StoredMessage): void;
  /** A message is visible from now on. */
  put(message: StoredMessage): void;
  /** A message left the queue. */
  left(message: StoredMessage): void;
  /**
   * Yields the messages that can be delivered. The caller hides or removes each message before it
   * asks for the next.
   */
  visible(): Iterable<StoredMessage>;
}
