import { type LargePayloadOptions, resolveLargePayloads } from './large-payload-options.js';
import { createS3PayloadStore, UnreadablePayload } from './payload-store.js';
import { newPointer } from './pointer.js';
import { createS3Access } from './s3-sdk.js';

/** Time in ms for the answer. */
const REQUEST_MS = 5_000;

/**
 * Asks S3 for a body that does not exist. Resolves if the caller may read bodies: S3 then says that
 * there is no such object. Changes nothing.
 *
 * @throws QueueError S3 refuses, or gives no answer
 */
export async function checkBucket(queue: string, options: LargePayloadOptions, region?: string): Promise<void> {
  const resolved = resolveLargePayloads(queue, options);
  const access = await createS3Access(queue, resolved, { region: region!, credentials: undefined! });
  const store = createS3PayloadStore(access, { maxBytes: resolved.maxBytes, requestMs: REQUEST_MS });
  try {
    await store.get(newPointer(resolved.bucket, resolved.prefix), { ms: REQUEST_MS, signals: [] });
  } catch (error) {
    if (!(error instanceof UnreadablePayload)) throw error;
  } finally {
    store.close();
  }
}
