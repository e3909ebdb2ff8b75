import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Poller } from '#lib/consume/poller.js';
import { MessageSlots } from '#lib/consume/message-slots.js';
import { Health } from '#lib/nest/server/health.js';
import { sleep } from '#lib/queue/clock.js';
import type { QueueErrorKind } from '#lib/queue/queue-error.js';
import { createMemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { failure, standardGroups } from '../../consume/harness.js';

/** Time in ms within which the status is true after the first sign. */
const TRUE_WITHIN_MS = 2_000;

interface Outage {
  /** Time in ms from the end of the outage before. */
  readonly after: number;
  readonly lasts: number;
  /** Time in ms that a receive takes to fail. */
  readonly failsAfter: number;
  readonly kind: QueueErrorKind;
}

/** A poller on an idle queue with outages, and the status that follows from its events. */
class IdleWorker {
  readonly clock = new VirtualClock(0);
  status: 'up' | 'down' = 'up';
  /** Time of the first failed receive of each outage, and of the first answer after it. */
  private outage: { readonly kind: QueueErrorKind; readonly failsAfter: number } | undefined;
  private readonly poller: Poller;
  /** Ends the long polls that are open when an outage begins. */
  private cut = new AbortController();

  constructor(waitTimeSeconds: number) {
    const { clock } = this;
    const queue = createMemoryQueue({ clock });
    Object.assign(queue, { features: { ...queue.features, abortableReceive: false } });
    queue.receive = async ({ waitSeconds }) => {
      if (!this.outage) await sleep(clock, waitSeconds * 1_000, this.cut.signal);
      if (!this.outage) return [];
      const { kind, failsAfter } = this.outage;
      await sleep(clock, failsAfter);
      throw failure(kind);
    };
    const slots = new MessageSlots({ queue, clock, concurrency: 10 });
    const health = new Health(clock, 30);
    this.poller = new Poller({
      queue,
      clock,
      slots,
      groups: standardGroups({ queue, clock, slots }),
      intake: { accept: () => undefined },
      report: (event) => void (this.status = health.note(event) ?? this.status),
      waitTimeSeconds,
      visibilityTimeoutSeconds: 30,
      handlerTimeoutMs: undefined,
      maxPollers: 4,
    });
    this.poller.start();
  }

  begin(outage: Outage): void {
    this.outage = outage;
    this.cut.abort();
    this.cut = new AbortController();
  }

  end(): void {
    this.outage = undefined;
  }

  async stop(): Promise<void> {
    const stopped = this.poller.stop();
    await this.clock.advance(60_000);
    await stopped;
  }
}

describe('the status of an idle worker', () => {
  it.each([1, 20])('is down for less than two seconds after one failed long poll of %d s', async (wait) => {
    const worker = new IdleWorker(wait);
    await worker.clock.advance(500);
    worker.begin({ after: 0, lasts: 0, failsAfter: 0, kind: 'network' });
    await worker.clock.advance(1);
    expect(worker.status).toBe('down');
    worker.end();
    await worker.clock.advance(TRUE_WITHIN_MS);
    expect(worker.status).toBe('up');
    await worker.stop();
  });

  it('is true two seconds after each begin and end of an outage', async () => {
    const outages = fc.array(
      fc.record({
        after: fc.integer({ min: 2_500, max: 60_000 }),
        lasts: fc.integer({ min: 2_500, max: 120_000 }),
        failsAfter: fc.constantFrom(0, 10, 1_000),
        kind: fc.constantFrom<QueueErrorKind>('network', 'service'),
      }),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(outages, fc.constantFrom(0, 1, 20), async (plan, wait) => {
        const worker = new IdleWorker(wait);
        for (const outage of plan) {
          await worker.clock.advance(outage.after);
          expect(worker.status).toBe('up');
          worker.begin(outage);
          await worker.clock.advance(outage.failsAfter + TRUE_WITHIN_MS);
          expect(worker.status).toBe('down');
          await worker.clock.advance(Math.max(0, outage.lasts - outage.failsAfter - TRUE_WITHIN_MS));
          worker.end();
          // A receive from the outage may still fail, and is the last sign of it.
          await worker.clock.advance(outage.failsAfter + TRUE_WITHIN_MS);
          expect(worker.status).toBe('up');
        }
        await worker.stop();
      }),
      { numRuns: 60 },
    );
  });
});
