import { checkOptionNames, type OptionNames } from '../../common/option-names.js';
import { SQS_QUEUE_OPTION_NAMES, type SqsQueueOptions } from '../../carriers/sqs/sqs-queue-options.js';
import type { LargePayloadOptions } from '../../carriers/sqs/extended/large-payload-options.js';
import { SERVER_OPTION_NAMES, type BaseThriftServerOptions } from '../../nest/server/server-options.js';
import type { QueuePrefixOption } from '../../queue/derived-names.js';

/**
 * Configures the handling of the messages of one queue in a function of AWS Lambda.
 *
 * @publicApi
 */
export interface LambdaQueueOptions
  extends
    Omit<BaseThriftServerOptions, 'maxPollers' | 'waitTimeSeconds' | 'visibilityTimeoutSeconds' | 'onQueueMissing'>,
    QueuePrefixOption,
    Omit<SqsQueueOptions, 'queue' | 'largePayloads'> {
  /**
   * Sets the queue, by name, URL or ARN. Messages of another queue are refused. A name stands for the
   * first queue that sends an event. Default: the queue that the contract names for all methods
   * (`sqs.queue`).
   */
  readonly queue?: string | undefined;
  /**
   * Sets the queue for copies of rejected messages, by name, URL or ARN. Required with
   * `poisonPolicy: 'dead-letter'`, and an error with any other policy. The function needs
   * sqs:SendMessage on the queue, and opens it with the first copy.
   */
  readonly deadLetterQueue?: string | undefined;
  /**
   * True if a failed message becomes visible again after the delay of `retry`, and a message that was
   * not started at once. The function needs sqs:ChangeMessageVisibility on the queue. Where a request
   * fails, and by default, a message comes back when the visibility timeout of the queue is over.
   * Default false.
   */
  readonly changeVisibility?: boolean | undefined;
  /**
   * True if the failed calls of a body with several calls are sent again, each by itself. The function
   * needs sqs:SendMessage on the queue. By default such a body comes back as a whole. Default false.
   */
  readonly resend?: boolean | undefined;
  /**
   * Reads large bodies from Amazon S3, and stores those of `resend`. Needs the package
   * `@aws-sdk/client-s3`. Bodies stay in S3, because Lambda removes messages after the answer of the
   * function: let a lifecycle rule of the bucket remove them. Default: none.
   */
  readonly largePayloads?: Omit<LargePayloadOptions, 'deletePayloads'> | undefined;
}

const {
  maxPollers: _pollers,
  waitTimeSeconds: _wait,
  visibilityTimeoutSeconds: _visibility,
  onQueueMissing: _missing,
  ...SERVER_NAMES
} = SERVER_OPTION_NAMES;

const OPTION_NAMES = {
  ...SERVER_NAMES,
  ...SQS_QUEUE_OPTION_NAMES,
  deadLetterQueue: true,
  queuePrefix: true,
  changeVisibility: true,
  resend: true,
} satisfies OptionNames<LambdaQueueOptions>;

/**
 * Checks the names of the options of a queue, and returns the options.
 *
 * @throws TypeError an option is unknown, or has no meaning in a function
 */
export function checkLambdaQueueOptions(options: LambdaQueueOptions): LambdaQueueOptions {
  checkOptionNames('createLambdaHandler', options, OPTION_NAMES);
  const large: Partial<LargePayloadOptions> | undefined = options.largePayloads;
  if (large?.deletePayloads !== undefined) {
    throw new TypeError(
      'option largePayloads.deletePayloads has no effect in a function, because Lambda removes messages after its answer; ' +
        'let a lifecycle rule of the bucket remove the bodies',
    );
  }
  return options;
}
