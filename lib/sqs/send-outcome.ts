import type { SendMessageBatchRequestEntry, SendMessageBatchResultEntry } from '@aws-sdk/client-sqs';
import { QueueError } from '../queue/queue-error.js';
import type { SendOutcome } from '../queue/queue.js';
import type { EntryResult } from './batch-outcomes.js';
import { entryWithoutAnswer, type ErrorContext } from './classify-error.js';
import { md5OfAttributes, md5OfBody } from './message-md5.js';
import { describePlace } from './queue-place.js';

/** What became of one sent entry: stored as it was sent, stored but changed on the way, or not stored. */
export function toSendOutcome(
  sent: SendMessageBatchRequestEntry,
  result: EntryResult<SendMessageBatchResultEntry> | undefined,
  context: ErrorContext,
): SendOutcome {
  if (result === undefined) return { ok: false, error: entryWithoutAnswer(context) };
  if ('error' in result) return { ok: false, error: result.error };
  const { MessageId } = result.entry;
  if (MessageId === undefined) return { ok: false, error: entryWithoutAnswer(context) };
  return isIntact(sent, result.entry) ? { ok: true, id: MessageId } : { ok: false, error: storedCorrupt(context) };
}

function isIntact(sent: SendMessageBatchRequestEntry, stored: SendMessageBatchResultEntry): boolean {
  const { MD5OfMessageBody: body, MD5OfMessageAttributes: attributes } = stored;
  if (body !== undefined && body !== md5OfBody(sent.MessageBody ?? '')) return false;
  return attributes === undefined || attributes === md5OfAttributes(sent.MessageAttributes ?? {});
}

/** Not retryable: the corrupt copy is in the queue already, and a second copy would not take it out. */
function storedCorrupt({ place }: ErrorContext): QueueError {
  const message = `${describePlace(place)} stored the message, but not as it was sent. Look for what changes messages in between; consumers will find the copy broken.`;
  return new QueueError(message, { code: 'StoredCorrupt', kind: 'service', queue: place.name, retryable: false });
}
