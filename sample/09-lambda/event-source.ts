import type { Message } from '@aws-sdk/client-sqs';
import type { LambdaHandler, LambdaRecord } from 'nestjs-sqs-thrift/lambda';
import type { Queue } from 'nestjs-sqs-thrift/port';

const TIMEOUT_MS = 30_000;

/**
 * Receives a batch, invokes the function with it, and removes what its answer does not list, as the event
 * source of Lambda does with `ReportBatchItemFailures`. Returns how many messages
 * there were, and how many of them stay.
 */
export async function invokeOnce(queue: Queue, arn: string, handler: LambdaHandler): Promise<[number, number]> {
  const messages = await queue.receive({ max: 10, waitSeconds: 1, visibilityTimeoutSeconds: 6 * (TIMEOUT_MS / 1000) });
  const endsAt = Date.now() + TIMEOUT_MS;
  const context = { getRemainingTimeInMillis: () => endsAt - Date.now() };
  const event = { Records: messages.map(({ raw }) => recordOf(raw as Message, arn)) };
  const { batchItemFailures } = await handler(event, context);
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const handled = messages.filter(({ id }) => !failed.has(id));
  if (handled.length > 0) await queue.acknowledge(handled);
  return [messages.length, failed.size];
}

/** Writes a message as Lambda does. The calls of this sample need no attributes. */
function recordOf(message: Message, eventSourceARN: string): LambdaRecord {
  return {
    messageId: message.MessageId!,
    receiptHandle: message.ReceiptHandle!,
    body: message.Body!,
    attributes: message.Attributes as unknown as LambdaRecord['attributes'],
    messageAttributes: {},
    md5OfBody: message.MD5OfBody!,
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: 'us-east-1',
  };
}
