import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { QueueError } from '../queue/queue-error.js';
import type { Queue } from '../queue/queue.js';
import { classifyError, type SqsOperation } from './classify-error.js';
import { withDeadline } from './deadline.js';
import { LargePayloadQueue } from './extended/large-payload-queue.js';
import { createS3PayloadStore } from './extended/s3-payload-store.js';
import { createS3Access } from './extended/s3-sdk.js';
import { PROPERTY_NAMES, toQueueProperties } from './queue-properties.js';
import { describePlace, type QueuePlace } from './queue-place.js';
import type { QueueReference } from './queue-reference.js';
import { noAnswer } from './request-errors.js';
import { createSdkDataPath } from './sdk-data-path.js';
import { createSqsClients, type SqsClients } from './sqs-clients.js';
import { withSnsEnvelope } from './sns/with-sns-envelope.js';
import { SqsQueue } from './sqs-queue.js';
import { resolveSqsQueueOptions, type SqsQueueOptions } from './sqs-queue-options.js';

/** What the opening is at, so that a deadline can say what did not answer. */
type Step = 'credentials' | SqsOperation;

/**
 * Opens an Amazon SQS queue and reads what it accepts. Rejects with a {@link QueueError} within `timeouts.openMs` that names the
 * queue, the region and the endpoint and says what to do: wrong options, no region, no credentials, no such queue, no access, nobody
 * there. A caller who may not read the queue's attributes (sqs:GetQueueAttributes) gets a queue with the defaults of SQS.
 */
export async function openSqsQueue(options: SqsQueueOptions): Promise<Queue> {
  const { envelope, largePayloads, ...resolved } = resolveSqsQueueOptions(options);
  const { reference, timeouts } = resolved;
  const clients = await createSqsClients(resolved);
  const at: Opening = {
    clients,
    reference,
    step: 'credentials',
    place: { name: reference.name, ...(clients.endpoint !== undefined && { endpoint: clients.endpoint }) },
  };
  try {
    const opened = await withDeadline({ ms: timeouts.openMs, late: () => lateError(at, timeouts.openMs) }, (signal) =>
      connect(at, signal),
    );
    const queue = new SqsQueue({
      place: at.place,
      properties: toQueueProperties(reference.name, opened.attributes),
      path: createSdkDataPath(clients, opened.url),
      timeouts,
    });
    const unwrapped = envelope === undefined ? queue : withSnsEnvelope(queue, envelope);
    if (largePayloads === undefined) return unwrapped;
    const access = await createS3Access(reference.name, largePayloads, clients.main);
    const { maxBytes } = largePayloads;
    const store = createS3PayloadStore(access, { maxBytes, requestMs: timeouts.requestMs });
    return new LargePayloadQueue(unwrapped, store, largePayloads);
  } catch (error) {
    clients.close();
    throw error;
  }
}

interface Opening {
  readonly clients: SqsClients;
  readonly reference: QueueReference;
  place: QueuePlace;
  step: Step;
}

interface Opened {
  readonly url: string;
  readonly attributes: Readonly<Record<string, string>>;
}

async function connect(at: Opening, signal: AbortSignal): Promise<Opened> {
  at.place = { ...at.place, region: await findRegion(at) };
  await findCredentials(at);
  const url = at.reference.url ?? (await findUrl(at, signal));
  return { url, attributes: await readAttributes(at, url, signal) };
}

async function findRegion({ clients, reference, place }: Opening): Promise<string> {
  const region = await clients.main.config.region().catch((cause: unknown) => {
    const message = `no AWS region is set for ${describePlace(place)}. Set AWS_REGION or the option "region", or give the queue by its ARN.`;
    throw new QueueError(message, { code: 'RegionMissing', kind: 'invalid', queue: place.name, cause });
  });
  // With an endpoint of one's own the host of a queue URL says nothing about the region; an ARN always does.
  const binding = reference.accountId !== undefined || place.endpoint === undefined;
  if (binding && reference.region !== undefined && reference.region !== region) {
    const message = `the queue "${place.name}" is in ${reference.region}, but the region ${region} is configured. Remove the configured region or correct it.`;
    throw new QueueError(message, { code: 'RegionMismatch', kind: 'invalid', queue: place.name });
  }
  return region;
}

/** Before the first request, so that missing credentials are told apart from a service that does not answer. */
async function findCredentials(at: Opening): Promise<void> {
  at.step = 'credentials';
  await at.clients.main.config.credentials().catch((error: unknown) => {
    throw classifyError(error, { place: at.place, operation: 'GetQueueAttributes' });
  });
}

async function findUrl(at: Opening, abortSignal: AbortSignal): Promise<string> {
  const { name, accountId } = at.reference;
  at.step = 'GetQueueUrl';
  const command = new GetQueueUrlCommand({
    QueueName: name,
    ...(accountId !== undefined && { QueueOwnerAWSAccountId: accountId }),
  });
  const { QueueUrl: url } = await ask(at, 'GetQueueUrl', at.clients.main.send(command, { abortSignal }));
  if (url !== undefined) return url;
  const message = `the answer of ${describePlace(at.place)} to GetQueueUrl has no URL. Check that the endpoint is one of SQS.`;
  throw new QueueError(message, { code: 'BrokenAnswer', kind: 'network', queue: name });
}

async function readAttributes(at: Opening, url: string, abortSignal: AbortSignal): Promise<Opened['attributes']> {
  at.step = 'GetQueueAttributes';
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: PROPERTY_NAMES });
  try {
    const { Attributes = {} } = await ask(at, 'GetQueueAttributes', at.clients.main.send(command, { abortSignal }));
    return Attributes;
  } catch (error) {
    if (error instanceof QueueError && error.kind === 'denied') return {};
    throw error;
  }
}

async function ask<T>({ place }: Opening, operation: SqsOperation, answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    throw classifyError(error, { place, operation });
  });
}

function lateError({ step, place }: Opening, ms: number): QueueError {
  if (step !== 'credentials') return noAnswer(step, place, ms);
  const late = Object.assign(new Error(`no credentials within ${ms} ms`), { name: 'CredentialsTimeout' });
  return classifyError(late, { place, operation: 'GetQueueAttributes' });
}
