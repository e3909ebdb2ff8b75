import { brand } from '../common/brand.js';
import { EVENT_ID_ATTRIBUTE, isEventId } from '../event/event-id.js';
import type { SendOptions } from '../publish/outgoing-message.js';
import { checkSendOptions } from '../publish/send-options.js';

/**
 * Holds the arguments of a call and the options sent beside them. Use {@link ThriftRecordBuilder} to
 * make a record.
 *
 * @publicApi
 */
export class ThriftRecord<Args = unknown> {
  static {
    brand(this, 'ThriftRecord');
  }

  /** @throws TypeError an option is unknown, or the attributes are no object */
  constructor(
    readonly args: Args,
    readonly options: SendOptions,
  ) {
    checkSendOptions('ThriftRecord', options);
  }
}

/**
 * Builds a record for `emit`, if a call needs more than bare arguments. `emit` takes the builder or
 * the record. The options hold for every carrier that has them; a carrier without an option refuses
 * the call.
 *
 * @example
 * const record = new ThriftRecordBuilder({ request }).setGroupId(request.userId);
 * client.emit('startBackup', record);
 * @publicApi
 */
export class ThriftRecordBuilder<const Args = unknown> {
  static {
    brand(this, 'ThriftRecordBuilder');
  }

  private eventId: string | undefined;
  protected readonly options: { -readonly [K in keyof SendOptions]: SendOptions[K] } = {};

  constructor(private args: Args) {}

  /** Sets the arguments by parameter name, in place of the arguments of the constructor. */
  setArgs<const NewArgs>(args: NewArgs): ThriftRecordBuilder<NewArgs> {
    const builder = this as unknown as ThriftRecordBuilder<NewArgs>;
    builder.args = args;
    return builder;
  }

  /**
   * Sets the message group id. FIFO queues require the id and keep the order within a group.
   * Standard queues use the id as the tenant of fair queues.
   */
  setGroupId(groupId: string): this {
    this.options.groupId = groupId;
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

  build(): ThriftRecord<Args> {
    const { options, eventId } = this;
    if (eventId === undefined) return new ThriftRecord(this.args, { ...options });
    const attributes = { ...options.attributes, [EVENT_ID_ATTRIBUTE]: eventId };
    return new ThriftRecord(this.args, { ...options, attributes });
  }
}
