import type { Clock } from '../queue/clock.js';
import { QueueError } from '../queue/queue-error.js';
import type { MessageReceiver, ReceiveOptions } from '../queue/queue.js';
import type { ReceivedMessage } from '../queue/wire-message.js';

/** Time in ms after its wait after which a receive is given up. Carriers have shorter deadlines: SQS 5 s. */
const STALL_MS = 60_000;

/** Receives with a watchdog, which aborts and fails the receive if the carrier's own deadline fails. */
export function receiveInTime(
  queue: MessageReceiver,
  options: ReceiveOptions & { readonly signal: AbortSignal },
  clock: Clock,
): Promise<readonly ReceivedMessage[]> {
  const { waitSeconds, signal } = options;
  const open = new AbortController();
  const abort = (): void => open.abort();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      abort();
      const text = `no answer to a receive, ${STALL_MS / 1000} s after its wait time; the worker aborts it and receives again`;
      reject(new QueueError(text, { code: 'ReceiveStalled', kind: 'network', queue: queue.name }));
    };
    const cancel = clock.setTimer(giveUp, waitSeconds * 1000 + STALL_MS);
    const ended = (): void => {
      cancel();
      signal.removeEventListener('abort', abort);
    };
    queue
      .receive({ ...options, signal: open.signal })
      .finally(ended)
      .then(resolve, reject);
  });
}
