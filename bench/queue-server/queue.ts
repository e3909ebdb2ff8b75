import { hash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { md5OfAttributes } from '#lib/carriers/sqs/message-md5.js';

export type MessageAttributes = Readonly<Record<string, MessageAttributeValue>>;

/** A receive that waits for a message. */
export interface Waiter {
  readonly max: number;
  deliver(deliveries: readonly Delivery[]): void;
}

/** A message, and the parts of answers about it. */
export class StoredMessage {
  readonly md5: string;
  readonly attributesMd5: string | undefined;
  /** Bytes that SQS bills. */
  readonly bytes: number;
  readonly sentAt = Date.now();
  /** Members of the JSON of a received message. */
  private members: string | undefined;

  constructor(
    private readonly body: string,
    private readonly attributes: MessageAttributes = {},
    /** Undefined for preloaded messages, which get their id when they are received. */
    readonly id?: string,
  ) {
    this.md5 = hash('md5', body);
    this.bytes = Buffer.byteLength(body);
    for (const name in attributes) {
      this.attributesMd5 ??= md5OfAttributes(withBytes(attributes));
      const { DataType = '', StringValue, BinaryValue } = withBytes(attributes)[name]!;
      this.bytes +=
        Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue ?? BinaryValue!);
    }
  }

  /** Members of the JSON from `MD5OfBody` on. All its characters are ASCII. */
  get json(): string {
    return (this.members ??= this.write());
  }

  private write(): string {
    const body = `"MD5OfBody":"${this.md5}","Body":${toAscii(JSON.stringify(this.body))}`;
    if (this.attributesMd5 === undefined) return body;
    const attributes = toAscii(JSON.stringify(this.attributes));
    return `${body},"MD5OfMessageAttributes":"${this.attributesMd5}","MessageAttributes":${attributes}`;
  }
}

/** A message with what belongs to its place in a queue. Copies of a preloaded message share it. */
export interface Delivery {
  readonly message: StoredMessage;
  readonly id: string | undefined;
  /** Number of deliveries before. */
  readonly received: number;
}

/** Decodes binary values, which JSON carries as base64. */
function withBytes(attributes: MessageAttributes): MessageAttributes {
  const decoded = Object.entries(attributes).map(([name, { BinaryValue, ...rest }]) => {
    const bytes = BinaryValue as unknown as string | undefined;
    return [name, bytes === undefined ? rest : { ...rest, BinaryValue: Buffer.from(bytes, 'base64') }] as const;
  });
  return Object.fromEntries(decoded);
}

/** Escapes other characters, so that the length of an answer is its number of characters. */
function toAscii(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Holds the messages of one queue in the order of their arrival. Nothing becomes visible by time. */
export class Queue {
  private sent: Delivery[] = [];
  /** Index of the next message in `sent`. */
  private next = 0;
  private readonly preloaded: { readonly delivery: Delivery; left: number }[] = [];
  private readonly waiters = new Set<Waiter>();

  /** @param discards true if the queue drops what is sent to it */
  constructor(private readonly discards: boolean) {}

  push(message: StoredMessage): void {
    if (!this.discards) this.pushAgain({ message, id: message.id, received: 0 });
  }

  /** Adds a message that was delivered before. */
  pushAgain(delivery: Delivery): void {
    this.sent.push(delivery);
  }

  /** Adds copies of one message, without their cost. */
  preload(message: StoredMessage, count: number): void {
    this.preloadAll([{ message, count }]);
  }

  /** Adds copies of several messages, without their cost. The receives that wait come behind all of them. */
  preloadAll(copies: readonly { readonly message: StoredMessage; readonly count: number }[]): void {
    for (const { message, count } of copies) {
      this.preloaded.push({ delivery: { message, id: undefined, received: 0 }, left: count });
    }
    this.wake();
  }

  /** Number of messages that a receive may take. */
  get depth(): number {
    return this.preloaded.reduce((sum, { left }) => sum + left, this.sent.length - this.next);
  }

  take(max: number): Delivery[] {
    const taken = this.sent.slice(this.next, this.next + max);
    this.next += taken.length;
    if (this.next === this.sent.length || (this.next >= 10_000 && this.next * 2 > this.sent.length)) {
      this.sent = this.sent.slice(this.next);
      this.next = 0;
    }
    while (taken.length < max && this.preloaded[0] !== undefined) {
      const [first] = this.preloaded;
      taken.push(first.delivery);
      first.left -= 1;
      if (first.left === 0) this.preloaded.shift();
    }
    return taken;
  }

  wait(waiter: Waiter): void {
    this.waiters.add(waiter);
  }

  /** Ends a wait. A waiter that has messages has ended already. */
  forget(waiter: Waiter): void {
    this.waiters.delete(waiter);
  }

  /** Lets waiting receives take the messages that were added. */
  wake(): void {
    for (const waiter of this.waiters) {
      const deliveries = this.take(waiter.max);
      if (deliveries.length === 0) return;
      this.waiters.delete(waiter);
      waiter.deliver(deliveries);
    }
  }
}
