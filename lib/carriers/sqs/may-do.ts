import { exchange } from './exchange.js';
import type { QueueLocation } from './queue-location.js';
import type { SqsClients } from './sqs-clients.js';
import { toQueueError } from './to-queue-error.js';

/** Lists the operations that {@link mayDo} can try without any effect. */
export type ProbedOperation = 'SendMessageBatch' | 'DeleteMessageBatch' | 'ChangeMessageVisibilityBatch';

/** Describes an operation to try. */
interface Probe {
  readonly clients: Pick<SqsClients, 'main' | 'sdk'>;
  readonly url: string;
  readonly operation: ProbedOperation;
  readonly location: QueueLocation;
}

/**
 * True if the caller may perform an operation on a queue. Sends an empty batch, which has no effect:
 * SQS checks the permission first, and then refuses the batch as empty.
 *
 * @throws QueueError no answer about the permission
 */
export async function mayDo({ clients, url, operation, location }: Probe, abortSignal: AbortSignal): Promise<boolean> {
  try {
    await sendEmpty(clients, url, operation, abortSignal);
    return true;
  } catch (cause) {
    const error = toQueueError(cause, { location, operation });
    if (error.kind === 'denied') return false;
    if (error.kind === 'invalid' && hasAnswer(cause)) return true;
    throw error;
  }
}

/** True if a server answered; otherwise the request failed in this process. */
function hasAnswer(error: unknown): boolean {
  return (
    (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode !== undefined
  );
}

function sendEmpty(
  { main, sdk }: Probe['clients'],
  QueueUrl: string,
  operation: ProbedOperation,
  abortSignal: AbortSignal,
): Promise<unknown> {
  const input = { QueueUrl, Entries: [] };
  if (operation === 'SendMessageBatch') {
    const command = new sdk.SendMessageBatchCommand(input);
    return exchange<unknown>(command, () => main.send(command, { abortSignal }));
  }
  if (operation === 'DeleteMessageBatch') {
    const command = new sdk.DeleteMessageBatchCommand(input);
    return exchange<unknown>(command, () => main.send(command, { abortSignal }));
  }
  const command = new sdk.ChangeMessageVisibilityBatchCommand(input);
  return exchange<unknown>(command, () => main.send(command, { abortSignal }));
}
