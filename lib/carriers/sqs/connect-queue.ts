import { GetQueueAttributesCommand, GetQueueUrlCommand, type QueueAttributeName } from '@aws-sdk/client-sqs';
import { QueueError } from '../../queue/queue-error.js';
import { toQueueError } from './to-queue-error.js';
import { withDeadline } from './request-deadline.js';
import { describeLocation, noAnswer, type QueueLocation, type SqsOperation } from './queue-location.js';
import type { QueueReference } from './queue-reference.js';
import type { SqsClients } from './sqs-clients.js';
import type { ResolvedSqsQueueOptions } from './sqs-queue-options.js';

/** Current step of the connecting. The deadline error names the step that did not answer. */
type Step = 'credentials' | SqsOperation;

export interface FoundQueue {
  readonly location: QueueLocation;
  readonly url: string;
  /** Requested attributes; empty if the caller may not read attributes. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Looks up a queue and reads its attributes. Rejects with a {@link QueueError} within
 * `timeouts.openMs`. The error names the queue, the region and the endpoint, and says what to do.
 */
export async function connectQueue(
  clients: SqsClients,
  { reference, timeouts }: Pick<ResolvedSqsQueueOptions, 'reference' | 'timeouts'>,
  names: QueueAttributeName[],
): Promise<FoundQueue> {
  const at: Opening = {
    clients,
    reference,
    names,
    step: 'credentials',
    location: { name: reference.name, ...(clients.endpoint !== undefined && { endpoint: clients.endpoint }) },
  };
  return withDeadline({ ms: timeouts.openMs, late: () => lateError(at, timeouts.openMs) }, async (signal) => {
    at.location = { ...at.location, region: await findRegion(at) };
    await findCredentials(at);
    const url = reference.url ?? (await findUrl(at, signal));
    return { location: at.location, url, attributes: await readAttributes(at, url, signal) };
  });
}

interface Opening {
  readonly clients: SqsClients;
  readonly reference: QueueReference;
  readonly names: QueueAttributeName[];
  location: QueueLocation;
  step: Step;
}

async function findRegion({ clients, reference, location }: Opening): Promise<string> {
  const region = await clients.main.config.region().catch((cause: unknown) => {
    const message = `no AWS region is set for ${describeLocation(location)}. Set AWS_REGION or the option "region", or give the queue by its ARN.`;
    throw new QueueError(message, { code: 'RegionMissing', kind: 'invalid', queue: location.name, cause });
  });
  // With a custom endpoint, the host of a queue URL says nothing about the region. An ARN always
  // names the region.
  const binding = reference.accountId !== undefined || location.endpoint === undefined;
  if (binding && reference.region !== undefined && reference.region !== region) {
    const message = `the queue "${location.name}" is in ${reference.region}, but the region ${region} is configured. Remove the configured region or correct it.`;
    throw new QueueError(message, { code: 'RegionMismatch', kind: 'invalid', queue: location.name });
  }
  return region;
}

/**
 * Resolves credentials before the first request. The error then separates missing credentials from
 * a service that does not answer.
 */
async function findCredentials(at: Opening): Promise<void> {
  at.step = 'credentials';
  await at.clients.main.config.credentials().catch((error: unknown) => {
    throw toQueueError(error, { location: at.location, operation: 'GetQueueAttributes' });
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
  const message = `the answer of ${describeLocation(at.location)} to GetQueueUrl has no URL. Check that the endpoint belongs to SQS.`;
  throw new QueueError(message, { code: 'BrokenAnswer', kind: 'network', queue: name });
}

async function readAttributes(at: Opening, url: string, abortSignal: AbortSignal): Promise<FoundQueue['attributes']> {
  at.step = 'GetQueueAttributes';
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: at.names });
  try {
    const { Attributes = {} } = await ask(at, 'GetQueueAttributes', at.clients.main.send(command, { abortSignal }));
    return Attributes;
  } catch (error) {
    if (error instanceof QueueError && error.kind === 'denied') return {};
    throw error;
  }
}

async function ask<T>({ location }: Opening, operation: SqsOperation, answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    throw toQueueError(error, { location, operation });
  });
}

function lateError({ step, location }: Opening, ms: number): QueueError {
  if (step !== 'credentials') return noAnswer(step, location, ms);
  const late = Object.assign(new Error(`no credentials within ${ms} ms`), { name: 'CredentialsTimeout' });
  return toQueueError(late, { location, operation: 'GetQueueAttributes' });
}
