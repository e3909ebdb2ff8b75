import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LoadRun } from '../e2e/load-run.js';
import type { Program } from '../e2e/programs.js';
import { type FaultProxy, startFaultProxy } from '../fakes/proxy/fault-proxy.js';
import { seededRandom } from '../fakes/sqs/fault-schedules.js';
import { CONCURRENCY, CONSUMERS, emitLoad, environment, EVENTS, failing } from './kit/load.js';
import { type SqsService, startService } from './kit/service.js';
import { NETWORK, Storm } from './kit/storm.js';

const MINUTES = Number(process.env.SOAK_MINUTES);
const SEED = Number(process.env.CHAOS_SEED ?? Date.now()) >>> 0;

/** Describes the state of a worker. */
interface Vitals {
  readonly heapMiB: number;
  readonly files: number;
  readonly timers: number;
}

let service: SqsService;
let proxy: FaultProxy;
let run: LoadRun;
beforeEach(async () => {
  Logger.overrideLogger(false);
  service = await startService();
  await service.createQueue('load');
  proxy = await startFaultProxy({ target: service.endpoint });
  run = await LoadRun.on(environment(service, proxy, 'load'), { direct: service.endpoint });
});
afterEach(async () => {
  service.misbehave(undefined);
  await run.close();
  await proxy.stop();
  await service.stop();
});

async function vitals({ child }: Program): Promise<Vitals> {
  child.send('vitals');
  return ((await once(child, 'message')) as [Vitals])[0];
}

const median = (values: readonly number[]): number =>
  values.slice().sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** By how much the last quarter is above the second one: in the first a process still warms up. */
function growth(samples: readonly Vitals[], what: keyof Vitals): number {
  const quarter = Math.floor(samples.length / 4);
  const of = (from: number): number => median(samples.slice(from, from + quarter).map((sample) => sample[what]));
  return of(3 * quarter) - of(quarter);
}

describe(`${MINUTES} minutes of whatever can happen, seed ${SEED} (--seed ${SEED} repeats it)`, () => {
  it('F40: nothing is lost, and a worker that lives through it stays as it is', async () => {
    service.misbehave(failing(seededRandom(SEED + 1)));
    // Handlers of three times their lease among the others; leases are long enough for a network that is away for a second.
    const settings = {
      CONCURRENCY,
      PATIENT: 1,
      HANDLER_MS: 50,
      VISIBILITY_SECONDS: 5,
      SLOW_EVERY: 500,
      DRAIN_MS: 25_000,
    };
    const survivor = await run.startWorker(settings);
    const random = seededRandom(SEED);
    const storm = await Storm.start({
      run,
      random,
      blows: ['kill', 'term', ...NETWORK],
      everyMs: 3_000,
      workers: CONSUMERS - 1,
      settings,
      proxy,
    });
    const until = performance.now() + MINUTES * 60_000;
    const samples: Vitals[] = [];
    const sampling = setInterval(() => void vitals(survivor).then((sample) => samples.push(sample)), 2_000);
    const load = async (): Promise<void> => {
      for (let first = 0; performance.now() < until; first += EVENTS) {
        await emitLoad(run, first, false);
        await run.journal.until(({ acked, finished }) => finished >= acked, 180_000);
      }
    };
    const loaded = load();
    await storm.rage(loaded);
    await loaded.finally(() => clearInterval(sampling));
    service.misbehave(undefined);
    await run.untilEmpty(60_000);
    await storm.stop();
    survivor.child.send('close');
    expect(await survivor.exited).toEqual({ code: 0, signal: null });

    const { acked, finished, lost, unrecorded, explained, unexplained } = run.judge();
    const grown = {
      heapMiB: growth(samples, 'heapMiB'),
      files: growth(samples, 'files'),
      timers: growth(samples, 'timers'),
    };
    const duplicates = explained.length + unexplained.length;
    console.log(JSON.stringify({ seed: SEED, blows: storm.blows.length, acked, finished, duplicates, ...grown }));
    const emitted = Math.ceil(acked / EVENTS) * EVENTS;
    expect({ lost, unrecorded }).toEqual({ lost: [], unrecorded: [] });
    expect(finished).toBeLessThanOrEqual(emitted);
    expect(storm.exits.filter(({ code }) => code !== 0)).toEqual([]);
    // 1 MiB a minute over the half that is between the two quarters; less than 4 MiB says nothing.
    expect(grown.heapMiB).toBeLessThanOrEqual(Math.max(4, MINUTES / 2));
    expect(grown.files).toBeLessThanOrEqual(5);
    expect(grown.timers).toBeLessThanOrEqual(CONCURRENCY);
  });
});
