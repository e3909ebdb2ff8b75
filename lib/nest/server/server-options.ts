import type { OptionNames } from '../../common/option-names.js';
import { CONSUME_OPTION_NAMES, type ConsumeOptions } from '../../consume/consume-options.js';
import type { ErrorClassifier } from '../../consume/delivery.js';
import { EVENT_CODEC_OPTION_NAMES, type EventCodecOptions } from '../../event/event-codec.js';
import type { ThriftService } from '../../idl/schema.js';

/**
 * Configures every strategy over a queue.
 *
 * @publicApi
 */
export interface BaseThriftServerOptions extends ConsumeOptions, EventCodecOptions {
  /** Sets the IDL service or services whose oneway methods arrive here. */
  readonly service: ThriftService | readonly ThriftService[];
  /**
   * Decides what happens at start if handlers do not fit the IDL: a oneway method has no handler, so
   * that its messages would be rejected, or a handler names no oneway method. `warn` logs a warning
   * for each of them; `fail` refuses to start. Default `warn`. A handler that names neither a service
   * of this strategy nor its transport id may belong to another transport, and only causes a warning.
   * The transport ids of handlers are known under ThriftFactory.
   */
  readonly onUnhandledMethod?: 'warn' | 'fail' | undefined;
  /**
   * Decides the fate of messages that can never be handled. `redrive` hides a message until the
   * queue's own redrive policy moves it. `dead-letter` copies a message and the reason to the
   * dead-letter queue, then removes the message. `drop` removes a message. Default `redrive`.
   */
  readonly poisonPolicy?: 'redrive' | 'dead-letter' | 'drop' | undefined;
  /**
   * Limits how often a message may be copied to the dead-letter queue. A message that was moved
   * back as often, and is rejected again, stays and returns ever more slowly. On a FIFO queue the
   * message would block its group, so it is copied each time. 1 to 1 000, default 3.
   */
  readonly maxDeadLetters?: number | undefined;
  /**
   * Decides what happens if the queue cannot be opened at start. `fail` makes `listen` fail within
   * 5 s. `wait` lets the application start with the status `down`, and retries without limit.
   * Default `fail`.
   */
  readonly onQueueMissing?: 'fail' | 'wait' | undefined;
  /**
   * Decides by error what happens to a message. `undefined` leaves the decision to the retry
   * policy. The error is that of the handler under ThriftFactory; with NestFactory add
   * RethrowErrorFilter.
   */
  readonly classifyError?: ErrorClassifier | undefined;
  /**
   * Distinguishes this strategy from others in the process, for
   * `@EventPattern(method, transportId)`. Default: that of the carrier, such as `SQS_THRIFT`.
   */
  readonly transportId?: symbol | undefined;
}

/** Names every option of {@link BaseThriftServerOptions}, for the strategy of a carrier. */
export const SERVER_OPTION_NAMES = {
  ...CONSUME_OPTION_NAMES,
  ...EVENT_CODEC_OPTION_NAMES,
  service: true,
  onUnhandledMethod: true,
  poisonPolicy: true,
  maxDeadLetters: true,
  onQueueMissing: true,
  classifyError: true,
  transportId: true,
} satisfies OptionNames<BaseThriftServerOptions>;
