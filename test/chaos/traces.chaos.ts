import { setTimeout as wait } from 'node:timers/promises';
import { Controller, type INestMicroservice, Logger, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { type ClientSqsThriftOptions, ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { type FaultProxy, startFaultProxy } from '../fakes/proxy/fault-proxy.js';
import { seededRandom } from '../fakes/sqs/fault-schedules.js';
import { RecordedSpans } from '../operations/opentelemetry/recorded-spans.js';
import { disturb } from './kit/disturb.js';
import { moveReport, ServiceRig, Texts, type TextsStub } from './rig.js';

const SEED = Number(process.env.CHAOS_SEED ?? Date.now()) >>> 0;
const CALLS = 600;
/** Time in ms over which the calls are emitted, which is the time of the storm. */
const STORM_MS = 5_000;

let rig: ServiceRig;
let proxy: FaultProxy;
let spans: RecordedSpans;
let worker: INestMicroservice | undefined;
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await ServiceRig.start();
  proxy = await startFaultProxy({ target: rig.service.endpoint });
  spans = new RecordedSpans();
});
afterEach(async () => {
  await worker?.close();
  worker = undefined;
  await spans.shutdown();
  await proxy.stop();
  await rig.stop();
});

/** Trace in which each handler ran, by the number of its call: one for each delivery. */
type Runs = Map<number, string[]>;

/** Starts a worker with concurrency 100. A fifth of the calls fails at the first attempt. */
async function startWorker(runs: Runs): Promise<void> {
  @Controller()
  class TextsController {
    @EventPattern<string>('text')
    async text(@Payload() { text }: { text: string }): Promise<void> {
      const n = Number(text);
      // The context must hold behind timers, beside the handlers of ninety-nine other calls.
      await wait(n % 20);
      const { traceId } = trace.getActiveSpan()!.spanContext();
      runs.set(n, [...(runs.get(n) ?? []), traceId]);
      if (n % 5 === 0 && runs.get(n)!.length === 1) throw new RangeError('by plan');
    }
  }
  @Module({ controllers: [TextsController] })
  class TextsModule {}
  const options = { waitTimeSeconds: 1, concurrency: 100, retry: { baseSeconds: 1, maxSeconds: 2 } };
  const access = { ...rig.access, endpoint: proxy.endpoint, queue: 'texts', service: Texts };
  worker = await ThriftFactory.createMicroservice(TextsModule, new ServerSqsThrift({ ...access, ...options }));
  await worker.listen();
}

/** Emits each call in a trace of its own. Returns the traces by the numbers of the calls. */
async function emitAll(options: Partial<ClientSqsThriftOptions>): Promise<Map<number, string>> {
  const client = rig.client({ endpoint: proxy.endpoint, ...options });
  await client.connect();
  const stub = client.getService<TextsStub>(Texts);
  const traces = new Map<number, string>();
  const emits: Promise<string>[] = [];
  const over = new AbortController();
  const storm = disturb(proxy, seededRandom(SEED), over.signal);
  for (let n = 0; n < CALLS; n += 1) {
    spans.inSpan(`request ${n}`, ({ traceId }) => {
      traces.set(n, traceId);
      emits.push(stub.text(String(n)));
    });
    if (n % 50 === 49) await wait((STORM_MS * 50) / CALLS);
  }
  const { failed } = await moveReport(emits);
  over.abort();
  await storm;
  expect(failed.size).toBe(0);
  return traces;
}

/** Waits until each call was handled as often as the plan says, or more often: the queue may repeat a delivery. */
async function untilHandled(runs: Runs): Promise<void> {
  const isDone = (n: number): boolean => (runs.get(n)?.length ?? 0) >= (n % 5 === 0 ? 2 : 1);
  while (!Array.from({ length: CALLS }, (_, n) => n).every(isDone)) await wait(50);
  await worker!.close();
  worker = undefined;
}

describe(`traces in a storm of faults, seed ${SEED}`, () => {
  it('lead from each handler to the emit of its own call, at concurrency 100 and in every attempt', async () => {
    const runs: Runs = new Map();
    await startWorker(runs);
    const traces = await emitAll({ deliveryTimeoutMs: 60_000 });
    await untilHandled(runs);
    const linked = new Map(
      spans.of('process').map((span) => [span.spanContext().traceId, span.links.map(({ context }) => context.traceId)]),
    );
    for (const [n, attempts] of runs) {
      expect(attempts.map((attempt) => linked.get(attempt))).toEqual(attempts.map(() => [traces.get(n)]));
      // Each attempt has a trace of its own.
      expect(new Set(attempts).size).toBe(attempts.length);
    }
  });

  it('lead from each handler of a packed body to the emits of its calls', async () => {
    const runs: Runs = new Map();
    await startWorker(runs);
    const traces = await emitAll({ deliveryTimeoutMs: 60_000, pack: true });
    await untilHandled(runs);
    const created = new Map(spans.of('create').map((span) => [span.spanContext().spanId, span]));
    const emitsOf = new Map(
      spans.of('process').map((span) => {
        const body = created.get(span.links[0]!.context.spanId)!;
        const parent = body.parentSpanContext ? [body.parentSpanContext.traceId] : [];
        return [span.spanContext().traceId, [...parent, ...body.links.map(({ context }) => context.traceId)]];
      }),
    );
    for (const [n, attempts] of runs) {
      for (const attempt of attempts) expect(emitsOf.get(attempt)).toContain(traces.get(n));
    }
    expect(created.size).toBeLessThan(CALLS / 2);
  });
});
