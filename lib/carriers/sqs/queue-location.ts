import { QueueError } from '../../queue/queue-error.js';

/** The operations of SQS, SNS and S3 that this library asks for. */
export type SqsOperation =
  | 'GetQueueUrl'
  | 'GetQueueAttributes'
  | 'SendMessageBatch'
  | 'ReceiveMessage'
  | 'DeleteMessageBatch'
  | 'ChangeMessageVisibilityBatch'
  | 'PurgeQueue'
  | 'StartMessageMoveTask'
  | 'ListMessageMoveTasks'
  | 'CancelMessageMoveTask'
  | 'GetTopicAttributes'
  | 'PublishBatch'
  | 'PutObject'
  | 'GetObject'
  | 'DeleteObject';

/** Where a queue, a topic or a bucket is, in the words that error messages use. Holds nothing secret. */
export interface QueueLocation {
  /** Its name, without account or host. */
  readonly name: string;
  /** What it is. Default `queue`. */
  readonly kind?: 'topic' | 'bucket';
  /** The region requests are signed for; absent until it is known. */
  readonly region?: string;
  /** Origin of a custom endpoint; absent when the SDK's own endpoint of the region is used. */
  readonly endpoint?: string;
}

/** `queue "backup" (region eu-west-1, endpoint http://127.0.0.1:4566)`. */
export function describeLocation(location: QueueLocation): string {
  return `${location.kind ?? 'queue'} "${location.name}" (region ${location.region ?? 'unknown'}, endpoint ${location.endpoint ?? 'of AWS'})`;
}

/** Scheme, host and port of a URL and nothing else: a user name or a password in it must not reach a log. */
export function originOf(url: string | URL): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/** The queue object was closed before or during the request. */
export function closed(location: QueueLocation): QueueError {
  const message = `the ${describeLocation(location)} is closed. Open it again before using it.`;
  return new QueueError(message, { code: 'QueueClosed', kind: 'closed', queue: location.name });
}

/** The caller's own signal cut the request. */
export function aborted(operation: SqsOperation, location: QueueLocation): QueueError {
  const message = `${operation} on ${describeLocation(location)} was aborted by its caller. Messages already handed to it come back when their visibility timeout ends.`;
  return new QueueError(message, { code: 'RequestAborted', kind: 'network', queue: location.name });
}

/** The deadline passed. Whether the request took effect is unknown. */
export function noAnswer(operation: SqsOperation, location: QueueLocation, ms: number): QueueError {
  const message = `${describeLocation(location)} did not answer ${operation} within ${ms} ms. Check the endpoint, the region and the network.`;
  return new QueueError(message, { code: 'NoAnswer', kind: 'network', queue: location.name });
}
