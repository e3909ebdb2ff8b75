import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { outOfOrder } from '../e2e/journal.js';
import { LoadRun } from '../e2e/load-run.js';
import { type FaultProxy, startFaultProxy } from './kit/fault-proxy.js';
import { firstOf, seededRandom, withProbability } from './kit/fault-schedules.js';
import { type SqsFake, startSqsFake } from './kit/sqs-fake.js';
import { Storm, type Blow } from './kit/storm.js';

const SEED = Number(process.env.CHAOS_SEED ?? Date.now()) >>> 0;
const TITLE = `seed ${SEED} (CHAOS_SEED=${SEED} repeats it)`;
const EVENTS = 10_000;
const PRODUCERS = 4;
const CONSUMERS = 4;
const CONCURRENCY = 10;
const GROUPS = 40;
const KIBIBYTE = 990;
const CLEAN_EXIT = { code: 0, signal: null };
const NETWORK: readonly Blow[] = ['down', 'reset', 'blackHole', 'latency', 'bandwidth'];

let fake: SqsFake;
let proxy: FaultProxy;
let run: LoadRun;
beforeEach(async () => {
  Logger.overrideLogger(false);
  fake = await startSqsFake();
  fake.createQueue('load');
  fake.createQueue('load.fifo');
  proxy = await startFaultProxy({ target: fake.endpoint });
});
afterEach(async () => {
  fake.faults = undefined;
  await run.close();
  await proxy.stop();
  await fake.stop();
});

/** What one producer sends to one group. */
const lineOf = (event: number): string => `${Math.floor(event / (EVENTS / PRODUCERS))} ${event % GROUPS}`;

interface Load {
  readonly queue: string;
  readonly blows: readonly Blow[];
  readonly visibilitySeconds: number;
}

/** Four producers and four consumers share 10 000 events of 1 KiB, while `blows` befall them, until the queue is empty. */
async function play({ queue, blows, visibilitySeconds }: Load): Promise<Storm> {
  const fifo = queue.endsWith('.fifo');
  const { accessKeyId, secretAccessKey } = fake.credentials;
  const env = {
    SQS_ENDPOINT: proxy.endpoint,
    QUEUE: queue,
    AWS_REGION: fake.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  run = await LoadRun.on(env, { direct: fake.endpoint });
  const settings = {
    CONCURRENCY,
    HANDLER_MS: fifo ? 20 : 100,
    VISIBILITY_SECONDS: visibilitySeconds,
    DRAIN_MS: 20_000,
  };
  const random = seededRandom(SEED);
  const storm = await Storm.start({ run, random, blows, everyMs: 2_000, workers: CONSUMERS, settings, proxy });
  const each = EVENTS / PRODUCERS;
  const emitters = await Promise.all(
    Array.from({ length: PRODUCERS }, (_, i) =>
      run.startEmitter({
        EVENTS: each,
        FIRST: i * each,
        WINDOW: 250,
        FILLING_BYTES: KIBIBYTE,
        ...(fifo && { GROUPS }),
      }),
    ),
  );
  const emitted = Promise.all(emitters.map((emitter) => run.emit(emitter)));
  const handled = emitted.then(() => run.journal.until(({ acked, finished }) => finished >= acked, 120_000));
  await storm.rage(handled);
  await handled;
  fake.faults = undefined;
  await run.untilEmpty(60_000);
  await storm.stop();
  return storm;
}

function report(storm: Storm): void {
  const { lost, explained, unexplained, unrecorded, heldAtKill, ...counts } = run.verdict();
  const duplicates = explained.length + unexplained.length;
  const sums = { acked: counts.acked, finished: counts.finished, lost: lost.length, duplicates };
  console.log(
    JSON.stringify({
      seed: SEED,
      blows: storm.blows.join(' '),
      ...sums,
      unrecorded: unrecorded.length,
      held: [...heldAtKill.values()],
    }),
  );
}

describe(`10 000 events between four producers and four consumers, ${TITLE}`, () => {
  it('F1: of which one is killed every 2 s: none is lost, and each worker had at most its concurrency in hand', async () => {
    const storm = await play({ queue: 'load', blows: ['kill'], visibilitySeconds: 5 });
    report(storm);
    const { acked, lost, unexplained, heldAtKill } = run.verdict();
    expect(storm.blows.length).toBeGreaterThan(5);
    expect({ acked, lost, unexplained }).toEqual({ acked: EVENTS, lost: [], unexplained: [] });
    for (const held of heldAtKill.values()) expect(held).toBeLessThanOrEqual(CONCURRENCY);
  });

  it('F3: of which one is asked to stop every 2 s: each event is handled once, and each worker ends well', async () => {
    const storm = await play({ queue: 'load', blows: ['term'], visibilitySeconds: 60 });
    report(storm);
    const { acked, finished, lost, explained, unexplained, unfinished } = run.verdict();
    expect(storm.exits.length).toBeGreaterThan(5 + CONSUMERS);
    expect(storm.exits.every(({ code, signal }) => code === CLEAN_EXIT.code && signal === CLEAN_EXIT.signal)).toBe(
      true,
    );
    expect({ acked, finished, lost, explained, unexplained, unfinished }).toEqual({
      acked: EVENTS,
      finished: EVENTS,
      lost: [],
      explained: [],
      unexplained: [],
      unfinished: [],
    });
  });

  it('that are killed, stopped and cut off, on a queue that fails: none is lost, each repetition is recorded', async () => {
    const random = seededRandom(SEED + 1);
    fake.faults = firstOf(
      withProbability(0.02, random, { kind: 'error', error: 'InternalError', status: 500 }),
      withProbability(0.02, random, { kind: 'error', error: 'RequestThrottled', status: 400 }),
      withProbability(0.02, random, { kind: 'reset', when: 'after' }),
      withProbability(0.01, random, { kind: 'truncate' }),
    );
    const storm = await play({ queue: 'load', blows: ['kill', 'kill', 'term', ...NETWORK], visibilitySeconds: 5 });
    report(storm);
    const { lost, unrecorded, acked } = run.verdict();
    expect(acked).toBeGreaterThan(EVENTS * 0.99);
    expect({ lost, unrecorded }).toEqual({ lost: [], unrecorded: [] });
  });

  it('the same on a FIFO queue: each group is handled in its order', async () => {
    const random = seededRandom(SEED + 2);
    fake.faults = firstOf(
      withProbability(0.02, random, { kind: 'error', error: 'InternalError', status: 500 }),
      withProbability(0.02, random, { kind: 'reset', when: 'after' }),
    );
    const storm = await play({ queue: 'load.fifo', blows: ['kill', 'term', ...NETWORK], visibilitySeconds: 5 });
    report(storm);
    const { lost, unrecorded, acked } = run.verdict();
    expect(acked).toBeGreaterThan(EVENTS * 0.99);
    expect({ lost, unrecorded }).toEqual({ lost: [], unrecorded: [] });
    expect(outOfOrder(run.journal.lines, lineOf)).toEqual([]);
  });
});
