import { liveTransports } from '../../diagnostics/transport-state.js';
import { untilAbort } from './deadlines.js';

/**
 * Waits until each call that a client of this process has emitted has its result: Lambda stops a
 * process after its answer, and a request in progress would hang until the next event. Returns the
 * number of calls that have none when time is over.
 */
export async function flushClients(over: AbortSignal): Promise<number> {
  const clients = [...liveTransports().clients];
  const sent = Promise.allSettled(clients.map(async (client) => client.whenSent?.()));
  const isSent = await Promise.race([sent.then(() => true), untilAbort(over).then(() => false)]);
  if (isSent) return 0;
  return clients.flatMap(({ state }) => state.queues).reduce((sum, { bufferedCalls }) => sum + bufferedCalls, 0);
}
