import type { Message } from '@aws-sdk/client-sqs';
import { ThriftQueueContext } from './thrift-queue.context.js';

/** What a handler may know of its SQS message. Injected by `@Ctx()`. */
export class SqsThriftContext extends ThriftQueueContext {
  /** The message as the AWS SDK returned it. */
  override getMessage<T = Message>(): T {
    return super.getMessage<T>();
  }
}
