import type { PublishBatchRequestEntry } from '@aws-sdk/client-sns';
import { QueueError } from '../../queue/queue-error.js';
import type { WireMessage } from '../../queue/wire-message.js';
import { describePlace, type QueuePlace } from '../queue-place.js';
import { toSendEntry } from '../send-entry.js';

/** A message as an entry of PublishBatch, or the error of one that a topic cannot take, found without asking. */
export function toPublishEntry(
  message: WireMessage,
  id: string,
  place: QueuePlace,
): PublishBatchRequestEntry | QueueError {
  if (message.delaySeconds !== undefined) {
    const text = `${describePlace(place)} takes no delay. Set DelaySeconds on the queues behind it.`;
    return new QueueError(text, { code: 'InvalidParameter', kind: 'invalid', queue: place.name });
  }
  const entry = toSendEntry(message, id, place);
  if (entry instanceof QueueError) return entry;
  const { MessageAttributes, MessageGroupId, MessageDeduplicationId } = entry;
  return {
    Id: id,
    Message: entry.MessageBody!,
    ...(MessageAttributes !== undefined && { MessageAttributes }),
    ...(MessageGroupId !== undefined && { MessageGroupId }),
    ...(MessageDeduplicationId !== undefined && { MessageDeduplicationId }),
  };
}
