import type { Queue } from '../../queue/queue.js';
import { LargePayloadQueue } from './extended/large-payload-queue.js';
import { createS3PayloadStore } from './extended/payload-store.js';
import { createS3Access } from './extended/s3-sdk.js';
import { PROPERTY_NAMES, toQueueProperties } from './queue-properties.js';
import { openClients } from './open-clients.js';
import { openDataPath } from './open-data-path.js';
import { openReceives } from './open-receives.js';
import { withSnsEnvelope } from './sns/with-sns-envelope.js';
import { SqsQueue } from './sqs-queue.js';
import { resolveSqsQueueOptions, type SqsQueueOptions } from './sqs-queue-options.js';
import { toQueueError } from './to-queue-error.js';

/**
 * Opens an Amazon SQS queue and reads its limits.
 *
 * Rejects with a {@link QueueError} within `timeouts.openMs`. The error names the queue, the region
 * and the endpoint, and says what to do. Reasons: wrong options, no region, no credentials, no such
 * queue, no access, or no answer. If the caller may not read the queue's attributes
 * (sqs:GetQueueAttributes), the defaults of SQS apply.
 *
 * @publicApi
 */
export async function openSqsQueue(options: SqsQueueOptions): Promise<Queue> {
  const { envelope, largePayloads, ...resolved } = resolveSqsQueueOptions(options);
  const { reference, timeouts, md5, dataPath } = resolved;
  const { clients, found } = await openClients(resolved, PROPERTY_NAMES);
  try {
    const { location, url, attributes } = found;
    const queue = new SqsQueue({
      location,
      url,
      properties: toQueueProperties(reference.name, attributes, openReceives(clients)),
      path: await openDataPath(dataPath, clients, url),
      timeouts,
      md5,
    });
    const unwrapped = envelope === undefined ? queue : withSnsEnvelope(queue, envelope);
    if (largePayloads === undefined) return unwrapped;
    const { region, credentials } = clients.main.config;
    const shared = { region: resolved.config.region ?? region, credentials };
    const access = await createS3Access(reference.name, largePayloads, shared).catch((error: unknown) => {
      throw toQueueError(error, { location: { kind: 'bucket', name: largePayloads.bucket }, operation: 'PutObject' });
    });
    const { maxBytes } = largePayloads;
    const store = createS3PayloadStore(access, { maxBytes, requestMs: timeouts.requestMs });
    return new LargePayloadQueue(unwrapped, store, largePayloads);
  } catch (error) {
    clients.close();
    throw error;
  }
}
