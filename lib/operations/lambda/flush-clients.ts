import { liveTransports } from '../../diagnostics/transport-state.js';

/**
 * Waits until each call that a client of this process has emitted has its result: Lambda stops a
 * process after its answer, and a request in progress would hang until the next event.
 */
export async function flushClients(over: AbortSignal): Promise<void> {
  if (over.aborted) return;
  const sent = [...liveTransports().clients].map(async (client) => client.whenSent?.());
  let stop: (() => void) | undefined;
  const late = new Promise<void>((resolve) => {
    stop = resolve;
    over.addEventListener('abort', stop, { once: true });
  });
  await Promise.race([Promise.allSettled(sent), late]);
  over.removeEventListener('abort', stop!);
}
