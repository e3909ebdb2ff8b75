import { EVENT_ID_ATTRIBUTE, isEventId } from '../event/event-id.js';
import type { SendOptions } from '../publish/outgoing-message.js';

/**
 * Holds the arguments of a call and the options sent beside them. Use
 * {@link SqsThriftRecordBuilder} to make a record.
 */
export class SqsThriftRecord<TArgs = unknown> {
  constructor(
    readonly args: TArgs,
    readonly options: SendOptions,
  ) {}
}

/**
 * Builds a record for `emit`, if a call needs more than bare arguments.
 *
 * @example
 * const record = new SqsThriftRecordBuilder({ request }).setGroupId(request.userId).build();
 * client.emit('startBackup', record);
 */
export class SqsThriftRecordBuilder<TArgs = unknown> {
  private eventId: string | undefined;
  private options: { -readonly [K in keyof SendOptions]: SendOptions[K] } = {};

  constructor(private args: TArgs) {}

  /** Sets the arguments by parameter name. */
  setArgs(args: TArgs): this {
    this.args = args;
    return this;
  }

  /**
   * Sets the message group id. FIFO queues require the id and keep the order within a group.
   * Standard queues use the id as the tenant of fair queues.
   */
  setGroupId(groupId: string): this {
    this.options.groupId = groupId;
    return this;
  }

  /** Sets the deduplication id. FIFO queues store calls with the same id within 5 minutes once. */
  setDeduplicationId(deduplicationId: string): this {
    this.options.deduplicationId = deduplicationId;
    return this;
  }

  /** Sets the seconds before the call can be received, 0 to 900. FIFO queues take no delay. */
  setDelay(seconds: number): this {
    this.options.delaySeconds = seconds;
    return this;
  }

  /** Sets text attributes beside the body: at most 10, none empty. */
  setAttributes(attributes: Readonly<Record<string, string>>): this {
    this.options.attributes = attributes;
    return this;
  }

  /**
   * Sets the event id of the call, for workers with an idempotency store. The id has 1 to 256 ASCII
   * letters, digits and punctuation characters. The attribute `thrift-event-id` carries the id.
   *
   * @throws RangeError the id is not acceptable
   */
  setEventId(eventId: string): this {
    if (!isEventId(eventId))
      throw new RangeError('an event id is 1 to 256 letters, digits and punctuation characters of ASCII');
    this.eventId = eventId;
    return this;
  }

  build(): SqsThriftRecord<TArgs> {
    const { options, eventId } = this;
    if (eventId === undefined) return new SqsThriftRecord(this.args, { ...options });
    const attributes = { ...options.attributes, [EVENT_ID_ATTRIBUTE]: eventId };
    return new SqsThriftRecord(this.args, { ...options, attributes });
  }
}
