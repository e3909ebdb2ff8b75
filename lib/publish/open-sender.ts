import { untraced } from '../diagnostics/tracer.js';
import { backoff, type Clock, sleep } from '../queue/clock.js';
import { QueueError, type QueueErrorKind } from '../queue/queue-error.js';
import type { MessageSender } from '../queue/queue.js';
import type { ResolvedPublishOptions } from './publish-options.js';

/** Kinds of failures that may pass by themselves. A person must fix any other failure. */
const TEMPORARY: ReadonlySet<QueueErrorKind> = new Set(['network', 'service', 'throttled']);

/** Longest time in ms of an opening for which no call waits. */
const OPEN_WITHIN_MS = 4_500;
/** Longest pause in ms between two attempts, so that calls leave soon after an outage. */
const LONGEST_PAUSE_MS = 1_000;

export interface OpenSenderParts {
  /** Opens the sender once. */
  readonly open: () => Promise<MessageSender>;
  readonly clock: Clock;
  readonly options: Pick<ResolvedPublishOptions, 'maxAttempts' | 'retryBaseMs'>;
  /** True while a call waits for the sender. The call itself limits its wait. Default: false. */
  readonly isAwaited?: () => boolean;
}

/**
 * Opens a sender. Repeats the opening after temporary failures while a call waits, else for some
 * seconds, until the signal aborts. Rejects with the last error.
 */
export async function openSender(
  { open, clock, options, isAwaited = () => false }: OpenSenderParts,
  signal: AbortSignal,
): Promise<MessageSender> {
  const startedAt = clock.now();
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await untraced(open);
    } catch (error) {
      const pause = backoff(attempt, { baseMs: options.retryBaseMs, maxMs: LONGEST_PAUSE_MS });
      const isLate = clock.now() + pause - startedAt >= OPEN_WITHIN_MS || attempt + 1 >= options.maxAttempts;
      if (!isTemporary(error) || signal.aborted || (isLate && !isAwaited())) throw error;
      await sleep(clock, pause, signal);
      if (signal.aborted) throw error;
    }
  }
}

function isTemporary(error: unknown): boolean {
  return error instanceof QueueError && TEMPORARY.has(error.kind);
}
