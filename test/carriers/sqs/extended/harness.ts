import { QueueError, type QueueErrorKind } from '#lib/queue/queue-error.js';
import type { Queue } from '#lib/queue/queue.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import { LargePayloadQueue } from '#lib/carriers/sqs/extended/large-payload-queue.js';
import { resolveLargePayloads, type LargePayloadOptions } from '#lib/carriers/sqs/extended/large-payload-options.js';
import { UnreadablePayload, type PayloadStore } from '#lib/carriers/sqs/extended/payload-store.js';
import { createMemoryQueue, type MemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import type { MemoryQueueOptions } from '#lib/carriers/memory/memory-queue-options.js';

/** Bodies in memory, and what was asked of them. */
export class MemoryStore implements PayloadStore {
  readonly bodies = new Map<string, string>();
  /** `put`, `get` and `delete` with bucket and key, in order. */
  readonly calls: string[] = [];
  /** Makes calls fail. */
  fails: (call: string) => Error | undefined = () => undefined;
  closed = false;

  async put({ bucket, key }: { bucket: string; key: string }, body: string): Promise<void> {
    await this.call(`put ${bucket} ${key}`);
    this.bodies.set(`${bucket} ${key}`, body);
  }

  async get({ bucket, key }: { bucket: string; key: string }): Promise<string> {
    await this.call(`get ${bucket} ${key}`);
    const body = this.bodies.get(`${bucket} ${key}`);
    if (body === undefined) throw new UnreadablePayload('bad-envelope', 'gone');
    return body;
  }

  async delete({ bucket, key }: { bucket: string; key: string }): Promise<void> {
    await this.call(`delete ${bucket} ${key}`);
    this.bodies.delete(`${bucket} ${key}`);
  }

  close(): void {
    this.closed = true;
  }

  private async call(call: string): Promise<void> {
    this.calls.push(call);
    await Promise.resolve();
    const error = this.fails(call);
    if (error) throw error;
  }
}

/** A queue in memory with a store of bodies. */
export class Bench {
  readonly queue: MemoryQueue;
  readonly large: LargePayloadQueue;

  constructor(
    options: Partial<LargePayloadOptions> = {},
    queue: MemoryQueueOptions = {},
    readonly store = new MemoryStore(),
  ) {
    this.queue = createMemoryQueue(queue);
    this.large = this.over(this.queue, options);
  }

  /** Another queue with the same bodies. */
  over(queue: Queue, options: Partial<LargePayloadOptions> = {}): LargePayloadQueue {
    return new LargePayloadQueue(queue, this.store, resolveLargePayloads(queue.name, { bucket: 'own', ...options }));
  }

  receive(queue: Queue = this.large): Promise<readonly ReceivedMessage[]> {
    return queue.receive({ max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
  }
}

/** A body that is too large for the queue. */
export const LARGE = 'x'.repeat(1_048_577);

export function failure(kind: QueueErrorKind, code = 'Scripted', retryable?: boolean): QueueError {
  return new QueueError('by script', { code, kind, queue: 'bodies', ...(retryable !== undefined && { retryable }) });
}
