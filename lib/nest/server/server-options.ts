import type { ConsumeOptions } from '../../consume/consume-options.js';
import type { ErrorClassifier } from '../../consume/delivery.js';
import type { EventCodecOptions } from '../../event/event-codec.js';
import type { ThriftService } from '../../idl/schema.js';

/** Options of every strategy over a queue. */
export interface BaseThriftServerOptions extends ConsumeOptions, EventCodecOptions {
  /** The service or services of the IDL whose oneway methods arrive here. */
  readonly service: ThriftService | readonly ThriftService[];
  /**
   * What happens at start when a oneway method has no handler (its messages would be rejected): a warning each, or a refusal to start.
   * Default `warn`. A pattern that names no oneway method is a warning: in a hybrid application it may be another transport's.
   */
  readonly onUnhandledMethod?: 'warn' | 'fail';
  /**
   * What becomes of messages that can never be handled. `redrive` hides them until the queue's own redrive policy moves them;
   * `dead-letter` copies them to the dead-letter queue with the reason and removes them; `drop` removes them. Default `redrive`.
   */
  readonly poisonPolicy?: 'redrive' | 'dead-letter' | 'drop';
  /**
   * How often a message may be copied to the dead-letter queue. One that was moved back as often, and is rejected again, stays and
   * comes back ever more slowly; on a FIFO queue, where it would hold up its group, it is copied each time. 1 to 1 000, default 3.
   */
  readonly maxDeadLetters?: number;
  /**
   * What happens when the queue cannot be opened at start: `fail` makes `listen` fail within 5 s; `wait` lets the application start,
   * with the status `down`, and tries again for as long as it takes. Default `fail`.
   */
  readonly onQueueMissing?: 'fail' | 'wait';
  /** Decides by error what becomes of a message; undefined leaves it to the retry policy. See RethrowErrorFilter for error classes. */
  readonly classifyError?: ErrorClassifier;
  /** Distinguishes this strategy from others in the process, for `@EventPattern(method, transportId)`. Default `SQS_THRIFT`. */
  readonly transportId?: symbol;
}
