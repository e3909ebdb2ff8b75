import type { QueueAttributeName, SQSClient } from '@aws-sdk/client-sqs';
import { connectQueue, type FoundQueue } from './connect-queue.js';
import { type ClientPair, explainFailure, refuseOtherSdk } from './given-client.js';
import { createSqsClients, type SqsClients } from './sqs-clients.js';
import type { ResolvedSqsQueueOptions } from './sqs-queue-options.js';
import { loadSqsSdk } from './sqs-sdk.js';
import { toQueueError } from './to-queue-error.js';

/** Holds the clients of a queue and what they found. The owner closes the clients. */
interface OpenClients {
  readonly clients: SqsClients;
  readonly found: FoundQueue;
}

/**
 * Creates the clients of a queue and looks the queue up. Rejects with a {@link QueueError}, also if
 * the SDK refuses the options or belongs to another copy of the SDK.
 *
 * @param names attributes of the queue to read
 * @param prepare changes the clients before their first request
 */
export async function openClients(
  options: ResolvedSqsQueueOptions,
  names: QueueAttributeName[],
  prepare: (clients: SqsClients) => void = () => undefined,
): Promise<OpenClients> {
  const { client: given, reference } = options;
  const sdk = await loadSqsSdk();
  const own = (): SQSClient => new sdk.SQSClient({ region: 'us-east-1' });
  const pair: ClientPair = { given, own, service: 'SQS', queue: reference.name };
  if (given !== undefined) await refuseOtherSdk(pair);
  const context = { location: { name: reference.name }, operation: 'GetQueueUrl' } as const;
  const clients = await createSqsClients(sdk, options).catch((error: unknown) => {
    throw toQueueError(error, context);
  });
  try {
    prepare(clients);
    return { clients, found: await connectQueue(clients, options, names) };
  } catch (error) {
    clients.close();
    throw await explainFailure(toQueueError(error, context), pair);
  }
}
