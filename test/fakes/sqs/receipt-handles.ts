import type { StoredMessage } from './model.js';
import { badValue, Refusal } from './refusal.js';

/** The handle of a message's latest delivery. */
export function handleOf(queueArn: string, { id, delivery }: StoredMessage): string {
  return Buffer.from(`${queueArn} ${id} ${delivery}`).toString('base64');
}

/** Describes the delivery of a receipt handle. */
export interface HandleParts {
  readonly id: string;
  readonly delivery: number;
}

/** Reads a handle of this queue. Refuses any other text, also handles of other queues. */
export function readHandle(queueArn: string, handle: string): HandleParts {
  const [arn, id, delivery, ...more] = Buffer.from(handle, 'base64').toString('utf8').split(' ');
  if (arn !== queueArn || id === undefined || !/^\d+$/.test(delivery ?? '') || more.length > 0) {
    throw new Refusal('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
  }
  return { id, delivery: Number(delivery) };
}

/** A FIFO queue's answer to the removal of a message whose lease is over. */
export function expired(handle: string): Refusal {
  return badValue('ReceiptHandle', handle, 'The receipt handle has expired');
}

/** The answer to hiding a message that is gone or is somebody else's by now. */
export function notAvailable(handle: string): Refusal {
  const reason = 'Message does not exist or is not available for visibility timeout change';
  return badValue('ReceiptHandle', handle, reason);
}
