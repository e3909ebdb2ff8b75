import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { outOfOrder } from '../e2e/journal.js';
import { LoadRun } from '../e2e/load-run.js';
import { type FaultProxy, startFaultProxy } from '../fakes/proxy/fault-proxy.js';
import { seededRandom } from '../fakes/sqs/fault-schedules.js';
import { CONCURRENCY, CONSUMERS, emitLoad, environment, EVENTS, failing, lineOf } from './kit/load.js';
import { type SqsService, startService } from './kit/service.js';
import { type Blow, NETWORK, Storm } from './kit/storm.js';

const SEED = Number(process.env.CHAOS_SEED ?? Date.now()) >>> 0;
const TITLE = `seed ${SEED} (--seed ${SEED} repeats it)`;

let service: SqsService;
let proxy: FaultProxy;
let run: LoadRun;
beforeEach(async () => {
  Logger.overrideLogger(false);
  service = await startService();
  await service.createQueue('load');
  await service.createQueue('load.fifo');
  proxy = await startFaultProxy({ target: service.endpoint });
});
afterEach(async () => {
  service.misbehave(undefined);
  await run.close();
  await proxy.stop();
  await service.stop();
});

interface Load {
  readonly queue: string;
  readonly blows: readonly Blow[];
  readonly visibilitySeconds: number;
}

interface Played {
  readonly storm: Storm;
  /** From the last blow until the queue was empty. */
  readonly calmMs: number;
}

/** The standard load, while `blows` befall its workers, until the queue is empty. Says how it went. */
async function play({ queue, blows, visibilitySeconds }: Load): Promise<Played> {
  const grouped = queue.endsWith('.fifo');
  run = await LoadRun.on(environment(service, proxy, queue), { direct: service.endpoint });
  const random = seededRandom(SEED);
  const settings = {
    CONCURRENCY,
    PATIENT: 1,
    HANDLER_MS: grouped ? 20 : 100,
    VISIBILITY_SECONDS: visibilitySeconds,
    DRAIN_MS: 20_000,
  };
  const storm = await Storm.start({ run, random, blows, everyMs: 2_000, workers: CONSUMERS, settings, proxy });
  const handled = emitLoad(run, 0, grouped).then(() =>
    run.journal.until(({ acked, finished }) => finished >= acked, 300_000),
  );
  await storm.rage(handled);
  await handled;
  service.misbehave(undefined);
  await run.untilEmpty(60_000);
  const calmMs = performance.now() - storm.latestAt;
  await storm.stop();
  const { acked, finished, explained, unexplained, heldAtKill } = run.judge();
  const duplicates = explained.length + unexplained.length;
  const held = [...heldAtKill.values()];
  console.log(JSON.stringify({ seed: SEED, blows: storm.blows.join(' '), acked, finished, duplicates, held, calmMs }));
  return { storm, calmMs };
}

describe(`10 000 events between four producers and four consumers, ${TITLE}`, () => {
  it('F1: loses no event when a worker is killed every 2 s', async () => {
    const { storm, calmMs } = await play({ queue: 'load', blows: ['kill'], visibilitySeconds: 5 });
    const { acked, lost, unexplained, heldAtKill } = run.judge();
    expect(storm.blows.length).toBeGreaterThan(5);
    expect(calmMs).toBeLessThanOrEqual(2 * 5_000);
    expect({ acked, lost, unexplained }).toEqual({ acked: EVENTS, lost: [], unexplained: [] });
    // Those that run, those that wait for the queue's answer, and a few that were received in advance.
    for (const held of heldAtKill.values()) expect(held).toBeLessThanOrEqual(2 * CONCURRENCY);
  });

  it('F3: handles each event once when a worker is stopped every 2 s', async () => {
    const { storm } = await play({ queue: 'load', blows: ['term'], visibilitySeconds: 60 });
    const { acked, finished, lost, explained, unexplained, unfinished } = run.judge();
    expect(storm.exits.length).toBeGreaterThan(5 + CONSUMERS);
    expect(storm.exits.filter(({ code }) => code !== 0)).toEqual([]);
    expect({ acked, finished, lost, explained, unexplained, unfinished }).toEqual({
      acked: EVENTS,
      finished: EVENTS,
      lost: [],
      explained: [],
      unexplained: [],
      unfinished: [],
    });
  });

  it('loses no event when workers are killed, stopped and cut off at random', async () => {
    service.misbehave(failing(seededRandom(SEED + 1)));
    await play({ queue: 'load', blows: ['kill', 'kill', 'term', ...NETWORK], visibilitySeconds: 5 });
    const { lost, unrecorded, acked } = run.judge();
    expect(acked).toBeGreaterThan(EVENTS * 0.99);
    expect({ lost, unrecorded }).toEqual({ lost: [], unrecorded: [] });
  });

  it('handles each FIFO group in order when workers and network fail at random', async () => {
    service.misbehave(failing(seededRandom(SEED + 2)));
    await play({ queue: 'load.fifo', blows: ['kill', 'term', ...NETWORK], visibilitySeconds: 5 });
    const { lost, unrecorded, acked } = run.judge();
    expect(acked).toBeGreaterThan(EVENTS * 0.99);
    expect({ lost, unrecorded }).toEqual({ lost: [], unrecorded: [] });
    expect(outOfOrder(run.journal.lines, lineOf)).toEqual([]);
  });
});
