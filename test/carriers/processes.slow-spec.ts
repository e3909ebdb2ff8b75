import { afterEach, describe, expect, it } from '@jest/globals';
import { type CarrierName, CarrierRun } from './carrier-run.js';

const CARRIERS: readonly CarrierName[] = ['socket', 'http', 'http-handled', 'kestrel', 'starling'];
const CLEAN_EXIT = { code: 0, signal: null };
const CONCURRENCY = 10;

let run: CarrierRun;
afterEach(() => run.close(), 20_000);

describe('events from process to process', () => {
  const EVENTS = 10_000;

  it.each(CARRIERS)('handles each of 10 000 events once over %s, also when the worker is replaced', async (carrier) => {
    run = await CarrierRun.open(carrier);
    const first = await run.startWorker();
    const emitter = await run.startEmitter({ EVENTS });
    const emitting = run.emit(emitter);
    await run.journal.until(({ finished }) => finished >= EVENTS / 2, 60_000);
    expect(await run.stop(first)).toEqual(CLEAN_EXIT);
    const second = await run.startWorker();
    expect(await emitting).toMatchObject({ emitted: EVENTS, failed: 0 });
    await run.journal.until(({ finished }) => finished === EVENTS, 60_000);
    expect(await emitter.exited).toEqual(CLEAN_EXIT);
    expect(await run.stop(second)).toEqual(CLEAN_EXIT);
    expect(run.judge()).toMatchObject({
      acked: EVENTS,
      finished: EVENTS,
      lost: [],
      unacked: [],
      explained: [],
      unexplained: [],
      unfinished: [],
    });
  });
});

/** Messages in the memory of a worker that serves sockets or HTTP. */
const INBOX = 200;

/** The most that a killed worker takes with it, and the most that comes twice because of the kill. */
const AFTER_KILL: Readonly<Record<CarrierName, { readonly lost: number; readonly repeated: number }>> = {
  // Beside its memory, what the buffers of the kernel hold: some MB.
  socket: { lost: Infinity, repeated: 0 },
  http: { lost: INBOX, repeated: 0 },
  'http-handled': { lost: 0, repeated: INBOX },
  kestrel: { lost: 0, repeated: CONCURRENCY },
  starling: { lost: 2 * CONCURRENCY, repeated: 0 },
};

describe('a worker that is killed', () => {
  const EVENTS = 6_000;
  // More than the buffers of the kernel hold, so that the client must write after the kill.
  const FILLING_BYTES = 5_000;

  it.each(CARRIERS)('takes over %s only with it what it had taken', async (carrier) => {
    run = await CarrierRun.open(carrier);
    const first = await run.startWorker({ CONCURRENCY, INBOX, HANDLER_MS: 1 });
    const emitting = run.emit(await run.startEmitter({ EVENTS, FILLING_BYTES }));
    // In the middle of something, so that the kill has something to destroy.
    await run.journal.until(({ started, finished }) => finished >= EVENTS / 6 && started > finished, 60_000);
    await run.kill(first);
    const second = await run.startWorker();
    expect(await emitting).toMatchObject({ emitted: EVENTS, failed: 0 });
    await run.journal.until(({ acked }) => acked === EVENTS && run.waiting === 0, 60_000);
    // A stop handles all that the worker has accepted.
    expect(await run.stop(second)).toEqual(CLEAN_EXIT);

    const { lost, explained, unexplained, unacked } = run.judge();
    const most = AFTER_KILL[carrier];
    expect(lost.length).toBeLessThanOrEqual(most.lost);
    expect(explained.length + unexplained.length).toBeLessThanOrEqual(most.repeated);
    expect(unacked).toEqual([]);
    const afterwards = ackedSince(run.journal.lines, second.pid);
    if (!run.hasQueue) expect(afterwards.size).toBeGreaterThan(0);
    expect(lost.filter((event) => afterwards.has(event))).toEqual([]);
  });
});

/** Returns the events whose emit resolved after a worker had begun its first event. */
function ackedSince(lines: readonly string[], pid: number): ReadonlySet<number> {
  const first = lines.findIndex((line) => line.startsWith('start') && line.split(' ')[2] === String(pid));
  const acked = lines.slice(first).filter((line) => line.startsWith('acked'));
  return new Set(acked.map((line) => Number(line.split(' ')[1])));
}
