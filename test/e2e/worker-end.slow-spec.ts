import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LoadRun } from './load-run.js';

const CONCURRENCY = 10;
const CLEAN_EXIT = { code: 0, signal: null };

describe('the end of a worker', () => {
  let run: LoadRun;

  beforeEach(async () => {
    run = await LoadRun.open();
  }, 20_000);

  afterEach(() => run.close(), 20_000);

  it('a worker ends its handlers on SIGTERM and releases the rest to the next worker at once', async () => {
    const EVENTS = 150;
    const DRAIN_MS = 10_000;
    const settings = { CONCURRENCY, DRAIN_MS, HANDLER_MS: 300, VISIBILITY_SECONDS: 60 };
    const first = await run.startWorker(settings);
    const emitting = run.emit(await run.startEmitter({ EVENTS }));
    await run.journal.until(({ finished }) => finished >= 30, 20_000);
    const from = performance.now();
    const stopping = run.stop(first);
    // Impatient supervisors repeat themselves.
    first.child.kill('SIGTERM');
    expect(await stopping).toEqual(CLEAN_EXIT);
    expect(performance.now() - from).toBeLessThan(DRAIN_MS + 1_000);
    expect(await emitting).toMatchObject({ emitted: EVENTS, failed: 0 });

    const next = await run.startWorker(settings);
    // Far less than the visibility timeout: what the first one had received and not begun was released.
    await run.journal.until(({ finished }) => finished === EVENTS, 20_000);
    await run.untilEmpty(5_000);
    expect(await run.stop(next)).toEqual(CLEAN_EXIT);
    const { explained, unexplained, unfinished, lost } = run.judge();
    expect({ explained, unexplained, unfinished, lost }).toEqual({
      explained: [],
      unexplained: [],
      unfinished: [],
      lost: [],
    });
  }, 90_000);

  it('a kill between a handler and the deletion of its message delivers the message once more', async () => {
    const EVENTS = 40;
    const DIE_AT = 7;
    const settings = { CONCURRENCY, VISIBILITY_SECONDS: 2 };
    const emitter = await run.startEmitter({ EVENTS });
    await run.emit(emitter);
    const first = await run.startWorker({ ...settings, DIE_AT });
    expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });
    const next = await run.startWorker(settings);
    await run.journal.until(({ finished }) => finished === EVENTS, 20_000);
    await run.untilEmpty(20_000);
    expect(await run.stop(next)).toEqual(CLEAN_EXIT);
    const { explained, unexplained, lost, heldAtKill } = run.judge();
    expect({ unexplained, lost }).toEqual({ unexplained: [], lost: [] });
    const again = explained.map(({ event }) => event);
    expect(again).toContain(DIE_AT);
    expect(new Set(again).size).toBe(again.length);
    expect(heldAtKill.get(first.pid)).toBeLessThanOrEqual(CONCURRENCY);
  }, 90_000);
});
