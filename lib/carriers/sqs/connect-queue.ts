import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import { QueueError } from '../../queue/queue-error.js';
import { toQueueError } from './to-queue-error.js';
import { withDeadline } from './request-deadline.js';
import { checkHost, checkRegion } from './check-host.js';
import { exchange } from './exchange.js';
import { mayDo } from './may-do.js';
import { describeLocation, noAnswer, type QueueLocation, type SqsOperation } from './queue-location.js';
import { type QueueReference, urlOfArn } from './queue-reference.js';
import { readKeys } from './renew-keys.js';
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
  return withDeadline({ ms: timeouts.openMs, late: () => lateError(at, timeouts.openMs) }, async ({ signal }) => {
    at.location = { ...at.location, region: await checkRegion(clients.main, reference, at.location) };
    await findCredentials(at);
    const { url, attributes } = await find(at, signal);
    return { location: at.location, url, attributes };
  });
}

interface Opening {
  readonly clients: SqsClients;
  readonly reference: QueueReference;
  readonly names: QueueAttributeName[];
  location: QueueLocation;
  step: Step;
}

type Found = Pick<FoundQueue, 'url' | 'attributes'>;

/**
 * Resolves credentials before the first request. The error then separates missing credentials from
 * a service that does not answer.
 */
async function findCredentials(at: Opening): Promise<void> {
  at.step = 'credentials';
  await readKeys(at.clients.main).catch((error: unknown) => {
    throw toQueueError(error, { location: at.location, operation: 'GetQueueAttributes' });
  });
}

async function find(at: Opening, signal: AbortSignal): Promise<Found> {
  const { reference, clients } = at;
  const url = reference.url ?? (await findUrl(at, signal));
  if (typeof url !== 'string') return openByArn(at, url, signal);
  await checkHost(clients, reference, url);
  return { url, attributes: (await readAttributes(at, url, signal)) ?? {} };
}

/** Looks up the URL. Returns the refusal if the queue is given by ARN, from which the URL follows. */
async function findUrl(at: Opening, abortSignal: AbortSignal): Promise<string | QueueError> {
  const { name, accountId } = at.reference;
  const { main, sdk } = at.clients;
  const command = new sdk.GetQueueUrlCommand({
    QueueName: name,
    ...(accountId !== undefined && { QueueOwnerAWSAccountId: accountId }),
  });
  try {
    const { QueueUrl: url } = await ask(at, 'GetQueueUrl', () =>
      exchange(command, () => main.send(command, { abortSignal })),
    );
    if (typeof url === 'string') return url;
  } catch (error) {
    if (accountId !== undefined && isRefusal(error)) return error;
    throw error;
  }
  const message = `the answer of ${describeLocation(at.location)} to GetQueueUrl has no URL. Check that the endpoint belongs to SQS.`;
  throw new QueueError(message, { code: 'BrokenAnswer', kind: 'network', queue: name });
}

/**
 * Opens a queue by the URL that follows from its ARN. SQS also answers "does not exist" to a caller
 * that lacks sqs:GetQueueUrl, as a producer of another account often does. The queue opens if the
 * caller may read its attributes, send or delete.
 *
 * @param refusal the answer to GetQueueUrl
 * @throws QueueError the refusal, with the URL to use
 */
async function openByArn(at: Opening, refusal: QueueError, signal: AbortSignal): Promise<Found> {
  const { clients, reference, location } = at;
  const url = urlOfArn(reference, location.endpoint);
  await checkHost(clients, reference, url);
  const attributes = await readAttributes(at, url, signal).catch((error: unknown) => {
    if (isRefusal(error)) return undefined;
    throw error;
  });
  if (attributes !== undefined) return { url, attributes };
  for (const operation of ['SendMessageBatch', 'DeleteMessageBatch'] as const) {
    at.step = operation;
    const probe = { clients, url, operation, location };
    const allowed = await mayDo(probe, signal).catch((error: unknown) => {
      if (isRefusal(error)) return false;
      throw error;
    });
    if (allowed) return { url, attributes: {} };
  }
  const { code, kind, cause } = refusal;
  const text = `${refusal.message.slice(code.length + 2)} The URL of the queue would be ${url}; if the queue is there, let its policy allow sqs:SendMessage or sqs:ReceiveMessage to this caller.`;
  throw new QueueError(text, { code, kind, queue: reference.name, cause });
}

/** True for an answer that may also mean that the caller must not see the queue. */
function isRefusal(error: unknown): error is QueueError {
  return error instanceof QueueError && (error.kind === 'missing-queue' || error.kind === 'denied');
}

/** Undefined if the caller may not read attributes. */
async function readAttributes(
  at: Opening,
  url: string,
  abortSignal: AbortSignal,
): Promise<FoundQueue['attributes'] | undefined> {
  const { main, sdk } = at.clients;
  const command = new sdk.GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: at.names });
  try {
    const { Attributes = {} } = await ask(at, 'GetQueueAttributes', () =>
      exchange(command, () => main.send(command, { abortSignal })),
    );
    return textsOf(Attributes);
  } catch (error) {
    if (error instanceof QueueError && error.kind === 'denied') return undefined;
    throw error;
  }
}

/** Leaves out values that are no text, whatever the server wrote. */
function textsOf(attributes: unknown): FoundQueue['attributes'] {
  const entries = Object.entries(Object(attributes) as object).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(entries);
}

async function ask<T>(at: Opening, operation: SqsOperation, request: () => Promise<T>): Promise<T> {
  at.step = operation;
  return request().catch((error: unknown) => {
    throw toQueueError(error, { location: at.location, operation });
  });
}

function lateError({ step, location }: Opening, ms: number): QueueError {
  if (step !== 'credentials') return noAnswer(step, location, ms);
  const late = Object.assign(new Error(`no credentials within ${ms} ms`), { name: 'CredentialsTimeout' });
  return toQueueError(late, { location, operation: 'GetQueueAttributes' });
}
