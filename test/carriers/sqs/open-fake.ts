import type { Queue } from '#lib/queue/queue.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import type { SqsQueueOptions } from '#lib/carriers/sqs/sqs-queue-options.js';
import { openQueue } from '../../fakes/sqs/open-queue.js';
import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';

/** Keys that open nothing. */
export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Starts a fake that has any queue, until told otherwise; the URLs of its queues have a host that does not exist. */
export async function startFake(): Promise<SqsFake> {
  const fake = await startSqsFake();
  fake.on('GetQueueUrl', ({ body }) => ({ json: { QueueUrl: `http://sqs.invalid/1/${String(body.QueueName)}` } }));
  fake.on('GetQueueAttributes', { json: { Attributes: {} } });
  return fake;
}

/** Opens the queue `q` of a fake. */
export function openFake(fake: SqsFake, options: Partial<SqsQueueOptions> = {}): Promise<Queue> {
  return openQueue(fake, 'q', options);
}

/** A delivery with this receipt, for what does not look at the rest. */
export function delivery(receipt: string): ReceivedMessage {
  return { id: receipt, body: 'x', attributes: {}, receiveCount: 1, receivedAt: 0, receipt, raw: undefined };
}
