import { BaseRpcContext } from '@nestjs/microservices';
import type { Message } from '@aws-sdk/client-sqs';
import { brand } from '../common/brand.js';
import { callCount, type Delivery } from '../consume/delivery.js';
import { eventId } from '../event/event-id.js';
import type { OnewayCall } from '../event/contract.js';

/**
 * Gives a handler access to its message, whatever the carrier. Inject the context with `@Ctx()`.
 *
 * @publicApi
 */
export class ThriftContext extends BaseRpcContext<[OnewayCall, Delivery]> {
  static {
    brand(this, 'ThriftContext');
  }

  constructor(call: OnewayCall, delivery: Delivery) {
    super([call, delivery]);
  }

  /** Returns the method as the IDL names it. */
  getPattern(): string {
    return this.args[0].method;
  }

  /** Returns the service of the IDL that declares the method. */
  getService(): string | undefined {
    return this.args[0].service;
  }

  /** Returns the id that the queue gave the message. Several calls of one body share the id. */
  getMessageId(): string {
    return this.args[1].message.id;
  }

  /**
   * Returns the event id of this call: the producer's attribute `thrift-event-id`, or else the
   * message id. In a body with several calls, `#` and the position of the call follow. The id is
   * the same at every delivery. Handlers can use the id as a key for their own deduplication.
   */
  getEventId(): string {
    const [call, delivery] = this.args;
    return eventId(delivery.message, delivery.calls.indexOf(call), callCount(delivery));
  }

  /** Counts the deliveries of this message so far, including this delivery: 1 on the first. */
  getReceiveCount(): number {
    return this.args[1].message.receiveCount;
  }

  /** Returns the message group: the order on FIFO queues, the tenant on standard queues. */
  getGroupId(): string | undefined {
    return this.args[1].message.groupId;
  }

  /** Returns the text attributes of the message. */
  getAttributes(): Readonly<Record<string, string>> {
    return this.args[1].message.attributes;
  }

  /** Returns the attributes under the name that Nest's own transports use for packet metadata. */
  getMetadata(): Readonly<Record<string, string>> {
    return this.getAttributes();
  }

  /** Returns the time at which the queue stored the message. */
  getSentAt(): Date | undefined {
    const { sentAt } = this.args[1].message;
    return sentAt === undefined ? undefined : new Date(sentAt);
  }

  /** Returns the carrier's own message object. */
  getMessage<T = unknown>(): T {
    return this.args[1].message.raw as T;
  }

  /**
   * Aborts when the lease is lost, the handler's deadline passes, or the worker stops and its drain
   * timeout is over. A handler should end early then.
   */
  get signal(): AbortSignal {
    return this.args[1].signal;
  }

  /**
   * Hides the message for `seconds` from now. The transport renews the lease by itself while the
   * handler runs. Use this method in handlers that block the event loop or know their needs better.
   *
   * @throws QueueError the queue refused, most often because the lease is lost
   */
  extendVisibility(seconds: number): Promise<void> {
    return this.args[1].lease.extend(seconds);
  }
}

/**
 * Gives a handler access to its SQS message. Inject the context with `@Ctx()`.
 *
 * @publicApi
 */
export class SqsThriftContext extends ThriftContext {
  static {
    brand(this, 'SqsThriftContext');
  }

  /** Returns the message as the AWS SDK returned it. */
  override getMessage<T = Message>(): T {
    return super.getMessage<T>();
  }
}
