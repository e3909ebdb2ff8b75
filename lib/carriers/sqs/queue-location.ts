import { QueueError } from '../../queue/queue-error.js';

/** Lists the operations of SQS, SNS and S3 that this library uses. */
export type SqsOperation =
  | 'CreateQueue'
  | 'GetQueueUrl'
  | 'GetQueueAttributes'
  | 'SendMessageBatch'
  | 'ReceiveMessage'
  | 'DeleteMessageBatch'
  | 'ChangeMessageVisibilityBatch'
  | 'PurgeQueue'
  | 'SetQueueAttributes'
  | 'StartMessageMoveTask'
  | 'ListMessageMoveTasks'
  | 'CancelMessageMoveTask'
  | 'ListDeadLetterSourceQueues'
  | 'GetTopicAttributes'
  | 'PublishBatch'
  | 'PutObject'
  | 'GetObject'
  | 'DeleteObject';

/** Locates a queue, a topic or a bucket in error messages. Contains no secrets. */
export interface QueueLocation {
  /** Name without account and host. */
  readonly name: string;
  /** Default `queue`. */
  readonly kind?: 'topic' | 'bucket';
  /** Region that requests are signed for; absent until the region is known. */
  readonly region?: string;
  /** Origin of a custom endpoint; absent if requests use the SDK's own endpoint of the region. */
  readonly endpoint?: string;
}

/** Formats a location as `queue "backup" (region eu-west-1, endpoint http://127.0.0.1:4566)`. */
export function describeLocation(location: QueueLocation): string {
  return `${location.kind ?? 'queue'} "${location.name}" (region ${location.region ?? 'unknown'}, endpoint ${location.endpoint ?? 'of AWS'})`;
}

/**
 * Returns only scheme, host and port of a URL. A user name or a password in the URL must not reach
 * a log.
 */
export function originOf(url: string | URL): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/** Builds the error for a queue object that was closed before or during the request. */
export function closed(location: QueueLocation): QueueError {
  const message = `the ${describeLocation(location)} is closed. Open it again before using it.`;
  return new QueueError(message, { code: 'QueueClosed', kind: 'closed', queue: location.name });
}

/** Builds the error for a request that the caller's own signal aborted. */
export function aborted(operation: SqsOperation, location: QueueLocation): QueueError {
  const message = `${operation} on ${describeLocation(location)} was aborted by its caller. Messages that SQS already delivered come back when their visibility timeout ends.`;
  return new QueueError(message, { code: 'RequestAborted', kind: 'network', queue: location.name });
}

/** Builds the error for a request whose deadline passed. The request may have taken effect. */
export function noAnswer(operation: SqsOperation, location: QueueLocation, ms: number): QueueError {
  const message = `${describeLocation(location)} did not answer ${operation} within ${ms} ms. Check the endpoint, the region and the network.`;
  return new QueueError(message, { code: 'NoAnswer', kind: 'network', queue: location.name });
}
