import { afterEach, describe, expect, it } from '@jest/globals';
import { workerLiveness, workerReadiness } from 'nestjs-sqs-thrift/health';
import type { BaseThriftServerOptions } from 'nestjs-sqs-thrift';
import type { Consumer } from '#lib/consume/consumer.js';
import type { QueueErrorKind } from '#lib/queue/queue-error.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { seedRandom } from '../../queue/harness.js';
import { ScriptedWorker } from './harness.js';

seedRandom();

/** Time in ms between two probes. Kubernetes asks each ten seconds by default. */
const EVERY_MS = 10_000;
const MINUTE_MS = 60_000;

interface Row {
  readonly name: string;
  /** Puts a running worker into the state that the row describes. */
  readonly begin: (worker: ScriptedWorker) => unknown;
  readonly status: string;
  /** Answer of the readiness: 503 is down. */
  readonly ready: 'ok' | 'degraded' | 'down';
  readonly forMs: number;
  /** Ends the state. The worker is ready within a minute after it. */
  readonly end?: (worker: ScriptedWorker) => unknown;
}

const fails = (kind: QueueErrorKind) => (worker: ScriptedWorker) => worker.begin(kind);
const works = (worker: ScriptedWorker): void => void (worker.trouble = undefined);

const rows: readonly Row[] = [
  { name: 'is idle', begin: () => undefined, status: 'up', ready: 'ok', forMs: 30 * MINUTE_MS },
  {
    name: 'is busy with more messages than it has slots',
    begin: (worker) => ((worker.handlerMs = 4_000), worker.store(300)),
    status: 'up',
    ready: 'ok',
    forMs: MINUTE_MS,
  },
  ...(['network', 'service', 'denied', 'credentials', 'missing-queue'] as const).map((kind) => ({
    name: `gets only errors of the kind ${kind} for half an hour`,
    begin: fails(kind),
    status: 'down',
    ready: 'down' as const,
    forMs: 30 * MINUTE_MS,
    end: works,
  })),
  {
    name: 'is paused',
    begin: (worker) => void worker.pause(),
    status: 'paused',
    ready: 'ok',
    forMs: 30 * MINUTE_MS,
    end: (worker) => worker.resume(),
  },
  {
    name: 'is paused in an outage',
    begin: (worker) => (worker.begin('network'), void worker.pause()),
    status: 'paused',
    ready: 'ok',
    forMs: 30 * MINUTE_MS,
    end: (worker) => (works(worker), worker.resume()),
  },
];

let worker: ScriptedWorker;
afterEach(() => worker.stopped());

async function started(options: Partial<BaseThriftServerOptions> = {}): Promise<ScriptedWorker> {
  worker = new ScriptedWorker(new VirtualClock(0), options);
  await worker.begun();
  return worker;
}

function readyOf({ state }: ScriptedWorker): Row['ready'] {
  const { ok, degraded } = workerReadiness(state);
  return ok ? (degraded ? 'degraded' : 'ok') : 'down';
}

describe('the probes of a worker', () => {
  it.each(rows)('answer about a worker that $name', async ({ begin, status, ready, forMs, end }) => {
    const { time } = await started();
    await time.advance(MINUTE_MS);
    await begin(worker);
    await time.advance(EVERY_MS);
    for (let ms = 0; ms < forMs; ms += EVERY_MS) {
      expect([worker.state.status, readyOf(worker)]).toEqual([status, ready]);
      expect(workerLiveness(worker.state)).toMatchObject({ ok: true });
      await time.advance(EVERY_MS);
    }
    if (!end) return;
    end(worker);
    await time.advance(MINUTE_MS);
    expect([worker.state.status, readyOf(worker), worker.state.failure]).toEqual(['up', 'ok', undefined]);
  });

  it('answer about a worker before its start, and while its queue is missing', async () => {
    worker = new ScriptedWorker(new VirtualClock(0), { onQueueMissing: 'wait' });
    expect([worker.state.status, readyOf(worker), workerLiveness(worker.state).ok]).toEqual(['starting', 'down', true]);
    worker.trouble = 'missing-queue';
    await worker.begun();
    for (let ms = 0; ms < 30 * MINUTE_MS; ms += EVERY_MS) {
      expect([worker.state.status, readyOf(worker), workerLiveness(worker.state).ok]).toEqual(['down', 'down', true]);
      expect(worker.state).toMatchObject({ queue: undefined, failure: 'Scripted: by script', slots: 10, inHand: 0 });
      await worker.time.advance(EVERY_MS);
    }
    worker.trouble = undefined;
    await worker.time.advance(MINUTE_MS);
    expect([worker.state.status, readyOf(worker), worker.state.queue]).toEqual(['up', 'ok', 'memory']);
  });

  it('answer degraded about stuck handlers after five minutes, and never end the process by default', async () => {
    const { time } = await started({ drainTimeoutMs: 1_000 });
    worker.handlerMs = 24 * 60 * MINUTE_MS;
    await worker.store(100);
    await time.advance(4 * MINUTE_MS);
    expect([readyOf(worker), workerLiveness(worker.state).ok]).toEqual(['ok', true]);
    await time.advance(2 * MINUTE_MS);
    const { state } = worker;
    expect([readyOf(worker), workerLiveness(state).ok]).toEqual(['degraded', true]);
    expect(workerReadiness(state)).toMatchObject({
      reason: expect.stringMatching(/^no slot has become free for 3\d\d s$/),
    });
    expect(workerReadiness(state, { stalled: 'down' }).ok).toBe(false);
    expect(workerReadiness(state, { stalledAfterMs: 600_000 })).not.toHaveProperty('degraded');
    expect(workerLiveness(state, { maxStallMs: 300_000 })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('all slots'),
    });
    expect(state).toMatchObject({ slotsTaken: 10, slots: 10, runningCalls: 10, inHand: 10 });
    expect(state.oldestInHandMs).toBeGreaterThan(350_000);
  });

  it('answer dead two minutes after the polling has ended without a reason', async () => {
    const { time } = await started();
    await time.advance(MINUTE_MS);
    // A defect that nothing in the library shows. A pause would show in the status.
    const { consumer } = (worker as unknown as { worker: { consumer: Consumer } }).worker;
    void consumer.pause();
    await time.advance(100_000);
    expect(workerLiveness(worker.state).ok).toBe(true);
    await time.advance(41_000);
    expect(workerLiveness(worker.state)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^slots are free, and no receive has begun for 1\d\d s$/),
    });
  });

  it('answer not ready at once when the worker drains, and alive to the end', async () => {
    const { time } = await started({ drainTimeoutMs: 60_000 });
    worker.handlerMs = 30_000;
    await worker.store(3);
    await time.advance(1_000);
    const closed = worker.close();
    for (let ms = 0; ms < 25_000; ms += 1_000) {
      expect([worker.state.status, readyOf(worker), workerLiveness(worker.state).ok]).toEqual([
        'stopping',
        'down',
        true,
      ]);
      await time.advance(1_000);
    }
    await time.advance(30_000);
    await closed;
    expect([worker.state.status, readyOf(worker), workerLiveness(worker.state).ok]).toEqual(['stopped', 'down', true]);
    expect([worker.handled, worker.statuses]).toEqual([3, ['up', 'stopped']]);
  });
});
