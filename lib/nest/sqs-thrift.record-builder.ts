import { ThriftRecordBuilder } from './thrift.record-builder.js';

/**
 * Builds a record with the options of every carrier and those of SQS.
 *
 * @example
 * const record = new SqsThriftRecordBuilder({ edit }).setDeduplicationId(edit.id);
 * client.emit('apply', record);
 * @publicApi
 */
export class SqsThriftRecordBuilder<const Args = unknown> extends ThriftRecordBuilder<Args> {
  override setArgs<const NewArgs>(args: NewArgs): SqsThriftRecordBuilder<NewArgs> {
    return super.setArgs(args) as SqsThriftRecordBuilder<NewArgs>;
  }

  /** Sets the deduplication id. FIFO queues store calls with the same id within 5 minutes once. */
  setDeduplicationId(deduplicationId: string): this {
    this.options.deduplicationId = deduplicationId;
    return this;
  }
}
