import { ERROR_LIMIT, limitAnswer } from '../answer-limit.js';
import { toQueueError } from '../to-queue-error.js';
import { withDeadline } from '../request-deadline.js';
import { kindOfCode, normalizeCode } from '../error-kinds.js';
import { exchange } from '../exchange.js';
import { aborted, noAnswer, type QueueLocation, type SqsOperation } from '../queue-location.js';
import { readFailure } from '../read-failure.js';
import { KeyRenewal } from '../renew-keys.js';
import type { Pointer } from './pointer.js';
import type { S3Access } from './s3-sdk.js';

/** Stores bodies. Methods reject with a QueueError unless documented otherwise. */
export interface PayloadStore {
  put(pointer: Pointer, body: string): Promise<void>;
  /** Rejects with {@link UnreadablePayload} for a body that will never be readable. */
  get(pointer: Pointer, limits: FetchLimits): Promise<string>;
  delete(pointer: Pointer): Promise<void>;
  close(): void;
}

/** Limits the fetch of a body. */
export interface FetchLimits {
  /** Time in ms for the whole fetch. */
  readonly ms: number;
  /** Each of these signals aborts the fetch. */
  readonly signals: readonly AbortSignal[];
}

/**
 * Reports a body that no longer exists, or that exceeds the size limit. The error text says which.
 */
export class UnreadablePayload extends Error {
  override readonly name = 'UnreadablePayload';

  constructor(
    readonly reason: 'bad-envelope' | 'too-large',
    message: string,
  ) {
    super(message);
  }
}

/** Stores bodies as S3 objects: UTF-8 text, without metadata. */
export function createS3PayloadStore(
  access: S3Access,
  { maxBytes, requestMs }: { readonly maxBytes: number; readonly requestMs: number },
): PayloadStore {
  const { client, sdk, region, endpoint } = access;
  const limits: FetchLimits = { ms: requestMs, signals: [] };
  const keys = new KeyRenewal(client);
  const ask = async <T>(
    operation: SqsOperation,
    bucket: string,
    { ms, signals }: FetchLimits,
    request: (signal: AbortSignal, answered: (answer: T) => void) => Promise<T>,
  ): Promise<T> => {
    const location: QueueLocation = {
      kind: 'bucket',
      name: bucket,
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { endpoint }),
    };
    try {
      const late = (): Error => noAnswer(operation, location, ms);
      const cuts = signals.map((aborts) => ({ aborts, error: () => aborted(operation, location) }));
      return await withDeadline<T>({ ms, late, cuts }, ({ signal }, answered) =>
        keys.run(() => request(signal, answered)),
      );
    } catch (error) {
      if (error instanceof UnreadablePayload) throw error;
      throw toQueueError(error, { location, operation });
    }
  };
  return {
    async put({ bucket, key }, body) {
      const ContentType = 'text/plain; charset=utf-8';
      await ask<unknown>('PutObject', bucket, limits, (abortSignal, answered) => {
        const command = new sdk.PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType });
        return exchange<unknown>(command, () => client.send(command, { abortSignal }), answered);
      });
    },
    get({ bucket, key }, fetchLimits) {
      const command = new sdk.GetObjectCommand({ Bucket: bucket, Key: key });
      limitAnswer(command, ERROR_LIMIT);
      return ask('GetObject', bucket, fetchLimits, async (abortSignal) => {
        const { Body, ContentLength = 0 } = await client.send(command, { abortSignal }).catch(toUnreadable);
        const stream = Body as AsyncIterable<Uint8Array> & { destroy(): void };
        if (ContentLength > maxBytes) {
          stream.destroy();
          throw tooLarge(ContentLength, maxBytes);
        }
        return readText(stream, maxBytes).catch(toBrokenAnswer);
      });
    },
    async delete({ bucket, key }) {
      await ask<unknown>('DeleteObject', bucket, limits, (abortSignal, answered) => {
        const command = new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key });
        return exchange<unknown>(command, () => client.send(command, { abortSignal }), answered);
      });
    },
    close: () => access.close(),
  };
}

async function readText(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    // Leaving the loop destroys the stream.
    if (bytes > maxBytes) throw tooLarge(bytes, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}

/** Marks a failure while a body arrives, such as a wrong checksum: the answer has begun, and broke. */
function toBrokenAnswer(error: unknown): never {
  if (error instanceof UnreadablePayload || kindOfCode(readFailure(error).code) !== undefined) throw error;
  throw Object.assign(new Error('the body did not arrive whole', { cause: error }), { code: 'BrokenAnswer' });
}

function toUnreadable(error: unknown): never {
  const { name } = (error ?? {}) as { readonly name?: unknown };
  if (typeof name !== 'string' || normalizeCode(name) !== 'NoSuchKey') throw error;
  throw new UnreadablePayload('bad-envelope', 'its body is not in S3 any more');
}

function tooLarge(bytes: number, maxBytes: number): UnreadablePayload {
  const message = `its body in S3 has ${bytes} bytes or more, and largePayloads.maxBytes is ${maxBytes}`;
  return new UnreadablePayload('too-large', message);
}
