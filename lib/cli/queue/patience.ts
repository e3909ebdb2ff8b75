import type { SendPort } from '../../queue/queue.js';

/** How requests about single messages are gathered and tried again: what a `Batcher` is given. */
export interface Patience {
  readonly queue: string;
  readonly maxEntries: number;
  readonly maxInFlight: number;
  readonly lingerMs: number;
  readonly maxAttempts: number;
  readonly giveUpAfterMs: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
}

/** As long as a person who watches waits for a queue that does not answer, and no longer. Where order counts, one request at a time. */
export function patience({ name, limits, features }: SendPort): Patience {
  return {
    queue: name,
    maxEntries: limits.batchEntries,
    maxInFlight: features.ordered ? 1 : 4,
    lingerMs: 0,
    maxAttempts: 4,
    giveUpAfterMs: 10_000,
    retryBaseMs: 100,
    retryMaxMs: 2_000,
  };
}
