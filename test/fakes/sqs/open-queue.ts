import type { Queue } from '#lib/queue/queue.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import { openSqsQueue } from '#lib/carriers/sqs/open-sqs-queue.js';
import type { SqsQueueOptions } from '#lib/carriers/sqs/sqs-queue-options.js';
import type { SqsFake } from './sqs-fake.js';

/** Opens a queue of the fake with the library's own carrier; over a proxy where `options.endpoint` says so. */
export function openQueue(fake: SqsFake, queue: string, options: Partial<SqsQueueOptions> = {}): Promise<Queue> {
  const { endpoint, region, credentials } = fake;
  return openSqsQueue({ queue, endpoint, region, credentials, ...options });
}

/** Receives up to 10 messages at once, hidden for 30 s. */
export function receiveNow(queue: Queue, max = 10): Promise<readonly ReceivedMessage[]> {
  return queue.receive({ max, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
}
