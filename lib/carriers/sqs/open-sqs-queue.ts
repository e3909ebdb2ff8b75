import type { Queue } from '../../queue/queue.js';
import { LargePayloadQueue } from './extended/large-payload-queue.js';
import { createS3PayloadStore } from './extended/payload-store.js';
import type { S3SharedAccess } from './extended/large-payload-options.js';
import { createS3Access } from './extended/s3-sdk.js';
import { PROPERTY_NAMES, toQueueProperties } from './queue-properties.js';
import { openClients } from './open-clients.js';
import { openDataPath } from './open-data-path.js';
import { openReceives } from './open-receives.js';
import { withSnsEnvelope } from './sns/with-sns-envelope.js';
import { SqsQueue } from './sqs-queue.js';
import { type ResolvedSqsQueueOptions, resolveSqsQueueOptions, type SqsQueueOptions } from './sqs-queue-options.js';
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
    const { region, credentials } = clients.main.config;
    return await withAddOns(queue, { ...resolved, envelope, largePayloads }, { region, credentials });
  } catch (error) {
    clients.close();
    throw error;
  }
}

type AddOnOptions = Pick<ResolvedSqsQueueOptions, 'reference' | 'timeouts' | 'config'> & {
  readonly envelope?: ResolvedSqsQueueOptions['envelope'] | undefined;
  readonly largePayloads?: ResolvedSqsQueueOptions['largePayloads'] | undefined;
};

/**
 * Puts before a queue what its options ask for: envelopes of SNS, and large bodies in S3. Rejects with
 * a {@link QueueError} if S3 cannot be used.
 *
 * @param access region and credentials of the queue, which S3 shares
 */
export async function withAddOns(
  queue: Queue,
  { envelope, largePayloads, reference, timeouts, config }: AddOnOptions,
  access: S3SharedAccess,
): Promise<Queue> {
  const unwrapped = envelope === undefined ? queue : withSnsEnvelope(queue, envelope);
  if (largePayloads === undefined) return unwrapped;
  const shared = { ...access, region: config.region ?? access.region };
  const s3 = await createS3Access(reference.name, largePayloads, shared).catch((error: unknown) => {
    throw toQueueError(error, { location: { kind: 'bucket', name: largePayloads.bucket }, operation: 'PutObject' });
  });
  const { maxBytes } = largePayloads;
  const store = createS3PayloadStore(s3, { maxBytes, requestMs: timeouts.requestMs });
  return new LargePayloadQueue(unwrapped, store, largePayloads);
}
