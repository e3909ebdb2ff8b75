import { serve } from '../kit/serve.js';
import { now } from './clock.js';

/** Describes the events to emit. */
export interface EmitTask {
  /** Number of the first event. */
  readonly from: number;
  readonly events: number;
  /** Emits without an answer at a time. */
  readonly window: number;
  /** Events that may be emitted before the first `allow`. */
  readonly allowed: number;
  /** Waits before each emit, for a low load. */
  readonly pauseMs: number;
}

/** Holds what a producer did. */
export interface Emitted {
  /** Time of `now()` before the first emit. */
  readonly startedAt: number;
  /** Resident memory now, in bytes. */
  readonly rss: number;
}

/** Emits the event of a number, which carries a time of `now()`. */
export type Emit = (i: number, at: number) => Promise<unknown>;

/**
 * Serves a producer to the parent process. `start` connects it, `run` emits, and `allow` raises the number
 * of events that `run` may emit.
 *
 * @param start connects, and returns the function that emits
 */
export function serveProducer<Options>(start: (options: Options) => Promise<Emit>): void {
  let emit: Emit | undefined;
  let allow: (events: number) => void = () => undefined;
  const run = ({ from, events, window, allowed, pauseMs }: EmitTask): Promise<Emitted> =>
    new Promise((resolve, reject) => {
      const startedAt = now();
      let limit = allowed;
      let sent = 0;
      let answered = 0;
      const more = (): void => {
        for (; sent < Math.min(events, limit) && sent - answered < window; sent += 1) {
          emit!(from + sent, now()).then(done, reject);
        }
      };
      const done = (): void => {
        answered += 1;
        if (answered === events) resolve({ startedAt, rss: process.memoryUsage.rss() });
        else if (sent - answered === window >> 1) more();
      };
      allow = (total) => {
        limit = total;
        if (pauseMs > 0) setTimeout(more, pauseMs);
        else more();
      };
      more();
    });
  serve({
    async start(options: Options) {
      emit = await start(options);
    },
    run,
    /** Raises the number of events that the run may emit in all. */
    allow: (events: number) => allow(events),
  });
}
