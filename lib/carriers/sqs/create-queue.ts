import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { checkRegion } from './check-host.js';
import { exchange } from './exchange.js';
import { noAnswer, type QueueLocation } from './queue-location.js';
import { withDeadline } from './request-deadline.js';
import { createSqsClients } from './sqs-clients.js';
import { resolveSqsQueueOptions, type SqsQueueOptions } from './sqs-queue-options.js';
import { loadSqsSdk } from './sqs-sdk.js';
import { toQueueError } from './to-queue-error.js';

/**
 * Creates a queue of the name in `options.queue`, FIFO if the name ends in `.fifo`. SQS accepts the
 * name of a queue that exists if the queue has the given attributes.
 *
 * @param attributes attributes by the names of CreateQueue
 * @throws QueueError the queue cannot be created; the text says what to do
 */
export async function createQueue(
  options: SqsQueueOptions,
  attributes: Readonly<Record<string, string>>,
): Promise<void> {
  const resolved = resolveSqsQueueOptions(options);
  const { name } = resolved.reference;
  const clients = await createSqsClients(await loadSqsSdk(), resolved);
  let location: QueueLocation = { name, ...(clients.endpoint !== undefined && { endpoint: clients.endpoint }) };
  const ms = resolved.timeouts.requestMs;
  const isFifo = name.endsWith('.fifo');
  const command = new CreateQueueCommand({
    QueueName: name,
    Attributes: { ...(isFifo && { FifoQueue: 'true' }), ...attributes },
  });
  try {
    location = { ...location, region: await checkRegion(clients.main, resolved.reference, location) };
    await withDeadline({ ms, late: () => noAnswer('CreateQueue', location, ms) }, ({ signal }) =>
      exchange(command, () => clients.main.send(command, { abortSignal: signal })),
    );
  } catch (error) {
    throw toQueueError(error, { location, operation: 'CreateQueue' });
  } finally {
    clients.close();
  }
}
