import { hash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { md5OfAttributes } from '#lib/carriers/sqs/message-md5.js';

/** A message as its queue keeps it: most of the JSON of an answer is ready. */
export interface StoredMessage {
  /** Undefined for preloaded messages, which get their id when they are received. */
  readonly id: string | undefined;
  readonly md5: string;
  readonly attributesMd5: string | undefined;
  /** Number of deliveries before. */
  readonly received: number;
  readonly sentAt: number;
  /** Bytes that SQS bills. */
  readonly bytes: number;
  /** Members of the JSON from `MD5OfBody` on. All its characters are ASCII. */
  readonly json: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttributeValue>>;

/** A receive that waits for a message. */
export interface Waiter {
  readonly max: number;
  deliver(messages: readonly StoredMessage[]): void;
}

/** Prepares a message. */
export function storedMessage(body: string, attributes: MessageAttributes | undefined, id?: string): StoredMessage {
  const md5 = hash('md5', body);
  const members = [`"MD5OfBody":"${md5}","Body":${toAscii(JSON.stringify(body))}`];
  let bytes = Buffer.byteLength(body);
  let attributesMd5: string | undefined;
  if (attributes !== undefined && Object.keys(attributes).length > 0) {
    attributesMd5 = md5OfAttributes(withBytes(attributes));
    const json = toAscii(JSON.stringify(attributes));
    members.push(`"MD5OfMessageAttributes":"${attributesMd5}","MessageAttributes":${json}`);
    for (const [name, { DataType = '', StringValue, BinaryValue }] of Object.entries(withBytes(attributes))) {
      bytes +=
        Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue ?? BinaryValue ?? '');
    }
  }
  return { id, md5, attributesMd5, received: 0, sentAt: Date.now(), bytes, json: members.join() };
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
  private sent: StoredMessage[] = [];
  /** Index of the next message in `sent`. */
  private next = 0;
  private readonly preloaded: { readonly message: StoredMessage; left: number }[] = [];
  private readonly waiters = new Set<Waiter>();

  push(messages: readonly StoredMessage[]): void {
    for (const message of messages) this.sent.push(message);
    this.wake();
  }

  /** Adds copies of one message, without their cost. */
  preload(message: StoredMessage, count: number): void {
    this.preloaded.push({ message, left: count });
    this.wake();
  }

  /** Returns the number of messages that a receive may take. */
  get depth(): number {
    return this.preloaded.reduce((sum, { left }) => sum + left, this.sent.length - this.next);
  }

  take(max: number): StoredMessage[] {
    const taken = this.sent.slice(this.next, this.next + max);
    this.next += taken.length;
    if (this.next === this.sent.length) {
      this.sent = [];
      this.next = 0;
    } else if (this.next >= 10_000 && this.next * 2 > this.sent.length) {
      this.sent = this.sent.slice(this.next);
      this.next = 0;
    }
    while (taken.length < max && this.preloaded[0] !== undefined) {
      const [first] = this.preloaded;
      taken.push(first.message);
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

  private wake(): void {
    for (const waiter of this.waiters) {
      const messages = this.take(waiter.max);
      if (messages.length === 0) return;
      this.waiters.delete(waiter);
      waiter.deliver(messages);
    }
  }
}
