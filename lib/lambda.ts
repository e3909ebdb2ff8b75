/**
 * The subpath `nestjs-sqs-thrift/lambda`: the handler of a function of AWS Lambda that SQS invokes. Loads
 * Nest. Loads the AWS SDK with the first request.
 *
 * @packageDocumentation
 */
export type { LambdaMessageAttribute, LambdaRecord } from './carriers/sqs/invocation/lambda-record.js';
export { ThriftTransportError } from './common/transport-error.js';
export { InvocationEndedError } from './consume/delivery.js';
export { createLambdaHandler } from './operations/lambda/create-lambda-handler.js';
export {
  type LambdaBatchResponse,
  type LambdaContext,
  type LambdaEvent,
  LambdaEventError,
} from './operations/lambda/lambda-event.js';
export type { LambdaHandler } from './operations/lambda/lambda-handler.js';
export type { LambdaHandlerOptions } from './operations/lambda/lambda-handler-options.js';
export { LambdaStartError } from './operations/lambda/warm-function.js';
export type { LambdaQueueOptions } from './operations/lambda/lambda-queue-options.js';
