import type { Queue } from '#lib/queue/queue.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import { openSqsQueue } from '#lib/carriers/sqs/open-sqs-queue.js';
import type { SqsQueueOptions } from '#lib/carriers/sqs/sqs-queue-options.js';
import type { FakeSqs } from './fake-server.js';

/** Keys that open nothing. */
export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Opens the queue `q` of a fake server. */
export function openFake(server: FakeSqs, options: Partial<SqsQueueOptions> = {}): Promise<Queue> {
  return openSqsQueue({ queue: 'q', region: 'us-east-1', endpoint: server.endpoint, credentials, ...options });
}

/** A delivery with this receipt, for what does not look at the rest. */
export function delivery(receipt: string): ReceivedMessage {
  return { id: receipt, body: 'x', attributes: {}, receiveCount: 1, receivedAt: 0, receipt, raw: undefined };
}
