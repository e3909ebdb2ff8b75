import { serve } from '../kit/serve.js';
import { now } from './clock.js';
import { Latencies, type LatencyCounts } from './latencies.js';

/** Reports that an event was handled, which was emitted at a time of `now()`. */
export type Handled = (emittedAt: number | bigint) => void;

/** Holds what a consumer handled since `begin`. */
export interface Consumed {
  readonly latencies: LatencyCounts;
  /** Time of `now()` at which the last event was handled. Zero without events. */
  readonly lastAt: number;
  /** Resident memory now, in bytes. */
  readonly rss: number;
}

/** Limits how long events wait until the parent learns that they were handled. */
const PROGRESS_MS = 20;

/**
 * Serves a consumer to the parent process. `start` starts it, `begin` resets its counts, `progress` answers with the number of
 * events since the last answer, and `read` returns what was handled.
 *
 * @param start starts to handle events; its result goes to the parent
 */
export function serveConsumer<Options>(start: (options: Options, handled: Handled) => Promise<unknown>): void {
  const latencies = new Latencies();
  let lastAt = 0;
  let fresh = 0;
  let asked:
    { readonly step: number; readonly timer: NodeJS.Timeout; readonly resolve: (events: number) => void } | undefined;
  const answer = (): void => {
    if (asked === undefined) return;
    const { timer, resolve } = asked;
    asked = undefined;
    clearInterval(timer);
    resolve(fresh);
    fresh = 0;
  };
  const handled: Handled = (emittedAt) => {
    lastAt = now();
    latencies.add(lastAt - Number(emittedAt));
    fresh += 1;
    if (asked !== undefined && fresh >= asked.step) answer();
  };
  serve({
    start: (options: Options) => start(options, handled),
    begin() {
      latencies.reset();
      [lastAt, fresh] = [0, 0];
    },
    /** Waits for a number of events, or a short time for fewer. */
    progress: (step: number) =>
      new Promise<number>((resolve) => {
        const timer = setInterval(() => fresh > 0 && answer(), PROGRESS_MS);
        asked = { step, timer, resolve };
        if (fresh >= step) answer();
      }),
    read(): Consumed {
      answer();
      return { latencies: latencies.read(), lastAt, rss: process.memoryUsage.rss() };
    },
  });
}
