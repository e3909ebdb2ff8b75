import type { Message } from '@aws-sdk/client-sqs';
import { warnOnce } from '../../common/warn-once.js';
import { describeLocation, type QueueLocation } from './queue-location.js';

/**
 * Warns once per queue if its messages lack system attributes that a receive requested. SQS always
 * sends these attributes; some emulators do not.
 */
export function warnOfMissingAttributes(messages: readonly Message[], location: QueueLocation, fifo: boolean): void {
  const lacks = (name: 'MessageGroupId' | 'ApproximateReceiveCount'): boolean =>
    messages.some(({ Attributes }) => typeof Attributes?.[name] !== 'string');
  const where = describeLocation(location);
  if (fifo && lacks('MessageGroupId')) {
    warnOnce(
      `no-group ${location.name}`,
      `messages of the ${where} come without MessageGroupId, although the queue is a FIFO queue, so they are handled one after the other. Use a server that returns system attributes.`,
    );
  }
  if (lacks('ApproximateReceiveCount')) {
    warnOnce(
      `no-receive-count ${location.name}`,
      `messages of the ${where} come without ApproximateReceiveCount, so each delivery counts as the first: pauses do not grow, and retry.maxReceives is never reached. Use a server that returns system attributes.`,
    );
  }
}
