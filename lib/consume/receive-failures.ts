import { backoff, equalBackoff } from '../queue/clock.js';
import type { QueueErrorKind } from '../queue/queue-error.js';

/** Longest random pause in ms after failures in a row. A queue that is back is used within 35 s. */
const RETRY_MAX_MS = 28_000;
/** The same for an outage. A worker continues, and its status is true, within 2 s of its end. */
const OUTAGE_RETRY_MAX_MS = 1_850;
/** Shortest pause in ms after an error that an immediate retry cannot fix. A random pause is added. */
const PAUSE_MS: Partial<Record<QueueErrorKind, number>> = {
  // At most ten requests a minute for a deleted queue.
  'missing-queue': 6_000,
  denied: 1_000,
  credentials: 1_000,
  invalid: 1_000,
  'over-limit': 5_000,
};

/** Returns the pause in ms after a receive that failed, after as many failures in a row. */
export function pauseAfterFailure(kind: QueueErrorKind, failures: number): number {
  const outage = kind === 'network' || kind === 'service';
  const pause = outage
    ? equalBackoff(failures, { baseMs: 200, maxMs: OUTAGE_RETRY_MAX_MS })
    : backoff(failures, { baseMs: 200, maxMs: RETRY_MAX_MS });
  return (PAUSE_MS[kind] ?? 50) + pause;
}
