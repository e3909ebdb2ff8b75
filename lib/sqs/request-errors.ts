import { QueueError } from '../queue/queue-error.js';
import type { SqsOperation } from './classify-error.js';
import { describePlace, type QueuePlace } from './queue-place.js';

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
