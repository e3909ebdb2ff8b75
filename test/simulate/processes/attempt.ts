import { sleep } from '#lib/queue/clock.js';
import type { Attempt } from '../plan.js';
import type { RunRecord } from '../records.js';
import type { SimProcess } from '../sim-process.js';

/**
 * Handles a call as its plan says.
 *
 * @throws Error the attempt fails, or its signal aborts a handler that hangs
 */
export async function attempt(
  { ms, end }: Attempt,
  signal: AbortSignal,
  process: SimProcess,
  run: RunRecord,
): Promise<void> {
  const { journal, scheduler, otherClock } = process;
  const aborted = new Promise<void>((resolve) => {
    const note = (): void => {
      run.abortedAt = scheduler.now();
      process.note(`aborts call ${run.call}`);
      resolve();
    };
    if (signal.aborted) note();
    else signal.addEventListener('abort', note, { once: true });
  });
  if (end === 'hang' || end === 'deaf') {
    journal.fault('endless handler');
    await (end === 'hang' ? aborted : new Promise<never>(() => undefined));
    throw new Error('aborted');
  }
  if (ms > 0) await sleep(otherClock, ms);
  if (ms >= 10_000) journal.fault('slow handler');
  if (end === 'ok') return;
  journal.fault('failing handler');
  throw new Error('by plan');
}
