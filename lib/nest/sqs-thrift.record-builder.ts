import { EVENT_ID_ATTRIBUTE, isEventId } from '../event/event-id.js';
import type { SendOptions } from '../publish/outgoing-message.js';

/** A call's arguments with what travels beside them. Made by {@link SqsThriftRecordBuilder}. */
export class SqsThriftRecord<TArgs = unknown> {
  constructor(
    readonly args: TArgs,
    readonly options: SendOptions,
  ) {}
}

/**
 * Builds what `emit` takes instead of bare arguments when a call needs more than those.
 *
 * @example
 * const record = new SqsThriftRecordBuilder({ request }).setGroupId(request.userId).build();
 * client.emit('startBackup', record);
 */
export class SqsThriftRecordBuilder<TArgs = unknown> {
  private eventId: string | undefined;
  private options: { -readonly [K in keyof SendOptions]: SendOptions[K] } = {};

  constructor(private args: TArgs) {}

  /** The arguments by parameter name. */
  setArgs(args: TArgs): this {
    this.args = args;
    return this;
  }

  /** Required on FIFO queues, where it is the unit of order; on standard queues the tenant of fair queues. */
  setGroupId(groupId: string): this {
    this.options.groupId = groupId;
    return this;
  }

  /** FIFO queues store calls of one id within 5 minutes once. */
  setDeduplicationId(deduplicationId: string): this {
    this.options.deduplicationId = deduplicationId;
    return this;
  }

  /** Seconds before the call can be received, 0 to 900. Not on FIFO queues. */
  setDelay(seconds: number): this {
    this.options.delaySeconds = seconds;
    return this;
  }

  /** Text attributes beside the body: at most 10, none empty. */
  setAttributes(attributes: Readonly<Record<string, string>>): this {
    this.options.attributes = attributes;
    return this;
  }

  /**
   * Which event this call is, for workers with an idempotency store: 1 to 256 letters, digits and punctuation characters of ASCII. Travels
   * as the attribute `thrift-event-id`.
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
