import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LoadRun } from './load-run.js';

const EVENTS = 10_000;
const CLEAN_EXIT = { code: 0, signal: null };
const EMPTY = { visible: 0, inFlight: 0 };

/** Events of about 200 bytes from one process through a queue to another. */
describe('10 000 events from process to process', () => {
  let run: LoadRun;

  beforeEach(async () => {
    run = await LoadRun.open();
  }, 20_000);

  afterEach(() => run.close(), 20_000);

  it('handles each of 10 000 events once', async () => {
    const [worker, emitter] = await Promise.all([run.startWorker(), run.startEmitter({ EVENTS })]);
    const emitting = run.emit(emitter);
    await run.journal.until(({ finished }) => finished === EVENTS, 60_000);
    expect(await emitting).toMatchObject({ emitted: EVENTS, failed: 0 });
    expect(await emitter.exited).toEqual(CLEAN_EXIT);
    expect(await run.stop(worker)).toEqual(CLEAN_EXIT);
    expect(run.judge()).toEqual({
      acked: EVENTS,
      finished: EVENTS,
      lost: [],
      unacked: [],
      explained: [],
      unexplained: [],
      unrecorded: [],
      unfinished: [],
      heldAtKill: new Map(),
    });
    expect(await run.depth()).toEqual(EMPTY);
  }, 90_000);

  it('loses no event in three kills of the worker and repeats at most what it had in hand each time', async () => {
    const CONCURRENCY = 50;
    // As many again are received in advance, and as many wait for their removal.
    const IN_HAND = 3 * CONCURRENCY;
    // Handlers that take longer than a removal does: one that comes too early would lose events here.
    const settings = { CONCURRENCY, HANDLER_MS: 20, VISIBILITY_SECONDS: 2 };
    let worker = await run.startWorker(settings);
    const emitting = run.emit(await run.startEmitter({ EVENTS }));
    for (const part of [1 / 4, 1 / 2, 3 / 4]) {
      // In the middle of something, so that the kill has something to destroy.
      await run.journal.until(({ started, finished }) => finished >= EVENTS * part && started > finished, 60_000);
      await run.kill(worker);
      worker = await run.startWorker(settings);
    }
    await run.journal.until(({ acked, finished }) => acked === EVENTS && finished === EVENTS, 60_000);
    // What the last one to be killed had handled and not removed comes back only now.
    await run.untilEmpty(20_000);
    expect(await emitting).toMatchObject({ emitted: EVENTS, failed: 0 });
    expect(await run.stop(worker)).toEqual(CLEAN_EXIT);
    const { explained, heldAtKill, ...result } = run.judge();
    expect(result).toMatchObject({ acked: EVENTS, finished: EVENTS, lost: [], unacked: [], unexplained: [] });
    expect(heldAtKill.size).toBe(3);
    for (const held of heldAtKill.values()) expect(held).toBeLessThanOrEqual(IN_HAND);
    expect(explained.length).toBeLessThanOrEqual(3 * IN_HAND);
    expect(await run.depth('load-dlq')).toEqual(EMPTY);
  }, 120_000);
});
