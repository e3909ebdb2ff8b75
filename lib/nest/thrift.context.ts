import { BaseRpcContext } from '@nestjs/microservices';
import type { Message } from '@aws-sdk/client-sqs';
import type { Delivery } from '../consume/delivery.js';
import { eventId } from '../event/event-id.js';
import type { OnewayCall } from '../event/contract.js';

/** What a handler may know of its message, whatever carried it. Injected by `@Ctx()`. */
export class ThriftContext extends BaseRpcContext<[OnewayCall, Delivery]> {
  constructor(call: OnewayCall, delivery: Delivery) {
    super([call, delivery]);
  }

  /** The method as the IDL names it. */
  getPattern(): string {
    return this.args[0].method;
  }

  /** The service of the IDL that declares the method. */
  getService(): string | undefined {
    return this.args[0].service;
  }

  /** The id the queue gave the message. Several calls of one body share it. */
  getMessageId(): string {
    return this.args[1].message.id;
  }

  /**
   * Which event this call is: what the producer said in the attribute `thrift-event-id`, or else the message id; with `#` and its
   * position where a body has several calls. The same at every delivery: a key for handlers that see to it themselves that nothing is done
   * twice.
   */
  getEventId(): string {
    const [call, { message, calls }] = this.args;
    return eventId(message, calls.indexOf(call), calls.length);
  }

  /** Deliveries of this message so far, this one included: 1 on the first. */
  getReceiveCount(): number {
    return this.args[1].message.receiveCount;
  }

  /** The message group: the order on FIFO queues, the tenant on standard ones. */
  getGroupId(): string | undefined {
    return this.args[1].message.groupId;
  }

  /** The text attributes of the message. */
  getAttributes(): Readonly<Record<string, string>> {
    return this.args[1].message.attributes;
  }

  /** The attributes under the name by which Nest's own transports pass the metadata of a packet. */
  getMetadata(): Readonly<Record<string, string>> {
    return this.getAttributes();
  }

  /** When the queue stored the message. */
  getSentAt(): Date | undefined {
    const { sentAt } = this.args[1].message;
    return sentAt === undefined ? undefined : new Date(sentAt);
  }

  /** The carrier's own message object. */
  getMessage<T = unknown>(): T {
    return this.args[1].message.raw as T;
  }

  /** Aborts when the lease is lost, the handler's deadline passes, or the worker stops and waits no longer: end early then. */
  get signal(): AbortSignal {
    return this.args[1].signal;
  }

  /**
   * Hides the message for `seconds` from now. The transport renews by itself for as long as the handler runs; this is for handlers
   * that block the event loop or know better.
   *
   * @throws QueueError the queue refused, most often because the lease is lost
   */
  extendVisibility(seconds: number): Promise<void> {
    return this.args[1].lease.extend(seconds);
  }
}

/** What a handler may know of its SQS message. Injected by `@Ctx()`. */
export class SqsThriftContext extends ThriftContext {
  /** The message as the AWS SDK returned it. */
  override getMessage<T = Message>(): T {
    return super.getMessage<T>();
  }
}
