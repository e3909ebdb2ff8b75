import { setTimeout as wait } from 'node:timers/promises';
import { Controller, type INestMicroservice, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, type CustomStrategy, EventPattern, Payload } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ClientSqsThrift, RejectEventException, ServerSqsThrift, SqsThriftContext } from 'nestjs-sqs-thrift';
import { call } from '../fakes/sqs/call.js';
import { type FaultProxy, startFaultProxy } from '../fakes/proxy/fault-proxy.js';
import { seededRandom } from '../fakes/sqs/fault-schedules.js';
import { failing } from './kit/load.js';
import { Exporters, type Counts } from './kit/exporters.js';
import { moveReport, ServiceRig, Texts, type TextsStub } from './rig.js';
import { disturb } from './kit/disturb.js';

const SEED = Number(process.env.CHAOS_SEED ?? Date.now()) >>> 0;
const CALLS = 3_000;
const POISON = 30;
const MAX_RECEIVES = 3;
const DEAD = 'texts-dead';
/** Receives the bodies that no worker can decode, so that metrics tell them from the calls. */
const POISONED = 'poisoned';
/** Time in ms over which the calls are emitted, which is the time of the storm. */
const STORM_MS = 12_000;

/** What the test itself saw of handlers. */
interface Seen {
  succeeded: number;
  /** Failures of messages that may come back, and of those that may not. */
  failed: number;
  exhausted: number;
  rejected: number;
}

let rig: ServiceRig;
let proxy: FaultProxy;
let exporters: Exporters;
const workers: INestMicroservice[] = [];
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await ServiceRig.start();
  await rig.service.createQueue(DEAD);
  await rig.service.createQueue(POISONED);
  proxy = await startFaultProxy({ target: rig.service.endpoint });
  exporters = new Exporters();
});
afterEach(async () => {
  await stopWorkers();
  await exporters.stop();
  await proxy.stop();
  await rig.stop();
});

/** Decides by the seed what the attempts of a call do: succeed, fail some times, always fail, or reject. */
function planOf(random: () => number): 'reject' | number {
  const drawn = random();
  if (drawn < 0.04) return 'reject';
  if (drawn < 0.06) return Infinity;
  return drawn < 0.16 ? 1 + Math.floor(random() * 2) : 0;
}

async function stopWorkers(): Promise<void> {
  await Promise.all(workers.splice(0).map((worker) => worker.close()));
}

/** Creates the strategy of a worker of the queue. */
function workerOf(queue: string): ServerSqsThrift {
  return new ServerSqsThrift({
    ...rig.access,
    endpoint: proxy.endpoint,
    queue,
    service: Texts,
    waitTimeSeconds: 1,
    visibilityTimeoutSeconds: 15,
    concurrency: 20,
    poisonPolicy: 'dead-letter',
    deadLetterQueue: DEAD,
    retry: { baseSeconds: 1, maxSeconds: 2, maxReceives: MAX_RECEIVES },
  });
}

/** Starts a worker of each queue. The handlers follow the plan, and note what they do. */
async function startWorkers(seen: Seen, random: () => number): Promise<void> {
  const plans = Array.from({ length: CALLS }, () => planOf(random));
  const attempts = new Map<number, number>();
  @Controller()
  class TextsController {
    @EventPattern<string>('text')
    async text(@Payload() { text }: { text: string }, @Ctx() context: SqsThriftContext): Promise<void> {
      const n = Number(text);
      const plan = plans[n]!;
      const attempt = (attempts.get(n) ?? 0) + 1;
      attempts.set(n, attempt);
      await wait(n % 10);
      if (plan === 'reject') {
        seen.rejected += 1;
        throw new RejectEventException('by plan');
      }
      if (attempt > plan) return void (seen.succeeded += 1);
      if (context.getReceiveCount() >= MAX_RECEIVES) seen.exhausted += 1;
      else seen.failed += 1;
      throw new RangeError('by plan');
    }
  }
  @Module({ controllers: [TextsController] })
  class TextsModule {}
  for (const strategy of ['texts', POISONED].map(workerOf)) {
    const worker = await NestFactory.createMicroservice<CustomStrategy>(TextsModule, { strategy, logger: false });
    workers.push(worker);
    await worker.listen();
  }
}

/** Emits the calls over the time of the storm. Some fail, since the client gives up early. */
async function emitAll(client: ClientSqsThrift): Promise<Pick<Counts, 'stored' | 'notStored'>> {
  const stub = client.getService<TextsStub>(Texts);
  const emits: Promise<string>[] = [];
  for (let n = 0; n < CALLS; n += 1) {
    emits.push(stub.text(String(n)));
    emits.at(-1)!.catch(() => undefined);
    if (n % 50 === 49) await wait((STORM_MS * 50) / CALLS);
  }
  const { stored, failed } = await moveReport(emits);
  return { stored: stored.size, notStored: failed.size };
}

/** Returns the ids of the messages whose copies lie in the dead-letter queue, by the reason of their rejection. */
async function deadLetters(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (;;) {
    const { body } = await call(rig.service, 'ReceiveMessage', {
      queue: DEAD,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 600,
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = body as {
      Messages?: { MessageAttributes: Record<string, { StringValue: string }> }[];
    };
    if (Messages.length === 0) return found;
    for (const { MessageAttributes } of Messages) {
      const { messageId, reason } = JSON.parse(MessageAttributes['thrift-dead-letter']!.StringValue) as Record<
        string,
        string
      >;
      found.set(messageId!, reason!);
    }
  }
}

/** Sends bodies that no worker can decode. The queue shows them during the storm. */
async function sendPoison(): Promise<void> {
  for (let n = 0; n < POISON; n += 1) {
    const message = { MessageBody: `not base64: ${n}`, DelaySeconds: 1 + (n % 12) };
    const { error } = await call(rig.service, 'SendMessage', { queue: POISONED, ...message });
    expect(error).toBeUndefined();
  }
}

async function untilEmpty(): Promise<void> {
  while ((await rig.depth()) + (await rig.depth(POISONED)) > 0) await wait(200);
}

describe(`metrics in a storm, seed ${SEED} (--seed ${SEED} repeats it)`, () => {
  it('agree in both exporters with what the callers, the handlers and the queues saw', async () => {
    const random = seededRandom(SEED);
    const seen: Seen = { succeeded: 0, failed: 0, exhausted: 0, rejected: 0 };
    await sendPoison();
    await startWorkers(seen, random);
    const client = rig.client({ endpoint: proxy.endpoint, deliveryTimeoutMs: 2_000 });
    await client.connect();
    const over = new AbortController();
    const storm = disturb(proxy, seededRandom(SEED + 1), over.signal);
    rig.service.misbehave(failing(seededRandom(SEED + 2)));
    const emitted = await emitAll(client);
    over.abort();
    const blows = await storm;
    rig.service.misbehave(undefined);
    await untilEmpty();
    await stopWorkers();
    const dead = await deadLetters();
    const poisoned = [...dead.values()].filter((reason) => !['handler-rejected', 'too-many-receives'].includes(reason));
    const journal: Counts = {
      ...emitted,
      succeeded: seen.succeeded,
      failed: seen.failed + seen.exhausted,
      rejectedByHandler: seen.rejected,
      acknowledged: seen.succeeded,
      retried: seen.failed,
      rejected: seen.exhausted + seen.rejected,
      deadLettered: dead.size,
      abandoned: 0,
    };
    console.log(JSON.stringify({ seed: SEED, blows: blows.join(' '), ...journal }));
    expect(poisoned).toHaveLength(POISON);
    expect(Math.min(...Object.values({ ...journal, abandoned: 1 }))).toBeGreaterThan(0);
    expect(await exporters.prometheus()).toEqual(journal);
    expect(await exporters.openTelemetry()).toEqual(journal);
  }, 60_000);
});
