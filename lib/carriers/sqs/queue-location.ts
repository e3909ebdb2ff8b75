import { QueueError } from '../../queue/queue-error.js';
import type { SqsOperation } from './classify-error.js';

/** Where a queue, a topic or a bucket is, in the words that error messages use. Holds nothing secret. */
export interface QueuePlace {
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
export function describePlace(place: QueuePlace): string {
  return `${place.kind ?? 'queue'} "${place.name}" (region ${place.region ?? 'unknown'}, endpoint ${place.endpoint ?? 'of AWS'})`;
}

/** Scheme, host and port of a URL and nothing else: a user name or a password in it must not reach a log. */
export function originOf(url: string | URL): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/** The queue object was closed before or during the request. */
export function closed(place: QueuePlace): QueueError {
  const message = `the ${describePlace(place)} is closed. Open it again before using it.`;
  return new QueueError(message, { code: 'QueueClosed', kind: 'closed', queue: place.name });
}

/** The caller's own signal cut the request. */
export function aborted(operation: SqsOperation, place: QueuePlace): QueueError {
  const message = `${operation} on ${describePlace(place)} was aborted by its caller. Messages already handed to it come back when their visibility timeout ends.`;
  return new QueueError(message, { code: 'RequestAborted', kind: 'network', queue: place.name });
}

/** The deadline passed. Whether the request took effect is unknown. */
export function noAnswer(operation: SqsOperation, place: QueuePlace, ms: number): QueueError {
  const message = `${describePlace(place)} did not answer ${operation} within ${ms} ms. Check the endpoint, the region and the network.`;
  return new QueueError(message, { code: 'NoAnswer', kind: 'network', queue: place.name });
}
