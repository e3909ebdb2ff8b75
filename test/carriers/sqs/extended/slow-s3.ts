import * as sdk from '@aws-sdk/client-s3';
import { resolveLargePayloads } from '#lib/carriers/sqs/extended/large-payload-options.js';
import { LargePayloadQueue } from '#lib/carriers/sqs/extended/large-payload-queue.js';
import { createS3PayloadStore } from '#lib/carriers/sqs/extended/payload-store.js';
import type { S3Access } from '#lib/carriers/sqs/extended/s3-sdk.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import { createMemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import type { MemoryQueueOptions } from '#lib/carriers/memory/memory-queue-options.js';

interface Command {
  readonly input: { readonly Key: string; readonly Body?: string };
}

/** An S3 whose fetches stay open until a test answers them. */
export class SlowS3 {
  readonly objects = new Map<string, string>();
  /** Fetches that neither ended nor were aborted. */
  readonly open = new Set<() => void>();
  fetches = 0;
  /** False makes S3 answer at once. */
  slow = true;
  /** Makes fetches fail. */
  fails: Error | undefined;

  readonly store = createS3PayloadStore(
    {
      sdk,
      client: { config: { credentials: async () => ({ accessKeyId: 'k', secretAccessKey: 's' }) }, send: this.send() },
      region: 'eu-west-1',
      endpoint: undefined,
      close: () => undefined,
    } as unknown as S3Access,
    { maxBytes: 1_000_000, requestMs: 5_000 },
  );

  /** Answers the open fetches. */
  answer(): void {
    for (const end of this.open) end();
  }

  private send() {
    return async (command: Command, { abortSignal }: { readonly abortSignal: AbortSignal }): Promise<unknown> => {
      const { Key: key, Body: text } = command.input;
      if (command instanceof sdk.PutObjectCommand) return this.objects.set(key, text!);
      if (command instanceof sdk.DeleteObjectCommand) return this.objects.delete(key);
      this.fetches += 1;
      if (this.slow) await this.wait(abortSignal);
      if (this.fails !== undefined) throw this.fails;
      return { Body: [Buffer.from(this.objects.get(key)!)] };
    };
  }

  private wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.open.delete(end);
        if (signal.aborted) reject(new Error('aborted'));
        else resolve();
      };
      this.open.add(end);
      signal.addEventListener('abort', end);
    });
  }
}

/** A queue in memory whose large bodies are in a slow S3. */
export function slowBench(options: MemoryQueueOptions = {}) {
  const s3 = new SlowS3();
  const queue = createMemoryQueue(options);
  const large = new LargePayloadQueue(
    queue,
    s3.store,
    resolveLargePayloads(queue.name, { bucket: 'own', threshold: 0 }),
  );
  const messages = (count: number, name: string) =>
    Array.from({ length: count }, (_, at) => ({ body: `${name} ${at}` }));
  return {
    s3,
    queue,
    large,
    sendLarge: (count: number) => large.send(messages(count, 'large')),
    sendSmall: (count: number) => queue.send(messages(count, 'small')),
    receive: (visibilityTimeoutSeconds: number, signal?: AbortSignal) =>
      large.receive({ max: 10, waitSeconds: 0, visibilityTimeoutSeconds, ...(signal && { signal }) }),
    /** Gives messages back, for the next receive. */
    release: (received: readonly ReceivedMessage[]) =>
      large.release(received.map((message) => ({ message, seconds: 0, cause: 'failed' }))),
  };
}
