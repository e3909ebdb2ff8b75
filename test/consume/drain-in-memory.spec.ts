import { describe, expect, it } from '@jest/globals';
import { Inbox } from '#lib/carriers/inbox/inbox.js';
import { createMemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import { resolveConsumeOptions } from '#lib/consume/consume-options.js';
import { Consumer } from '#lib/consume/consumer.js';
import type { PoisonPolicy } from '#lib/consume/dead-letter.js';
import type { TransportEvent } from '#lib/diagnostics/transport-event.js';
import { sleep } from '#lib/queue/clock.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { watch } from '../queue/harness.js';
import { codec, type Handler, takes, turns } from './harness.js';

/** A consumer over messages in the memory of its own process. */
class Bench {
  readonly clock = new VirtualClock();
  readonly events: TransportEvent[] = [];
  readonly ends: string[] = [];
  readonly handled: number[] = [];
  readonly deadLetters = createMemoryQueue({ name: 'dead', clock: this.clock });
  readonly inbox: Inbox;
  readonly consumer: Consumer;

  constructor(handler: Handler, poisonPolicy: PoisonPolicy['type'] = 'drop', ownerMs = 0) {
    const owner = { stop: () => sleep(this.clock, ownerMs), close: async () => undefined };
    this.inbox = new Inbox({ name: 'inbox', clock: this.clock, messageBytes: 100 }, owner);
    this.consumer = new Consumer({
      queue: this.inbox,
      codec,
      clock: this.clock,
      report: (event) => void this.events.push(event),
      dispatcher: {
        dispatch: async ({ args }, delivery) => {
          await handler(args.n as number, delivery, this.clock);
          this.handled.push(args.n as number);
        },
      },
      classifyError: () => undefined,
      poisonPolicy:
        poisonPolicy === 'dead-letter'
          ? { type: poisonPolicy, deadLetters: this.deadLetters, max: 3 }
          : { type: 'drop' },
      options: resolveConsumeOptions({ concurrency: 2, retry: { baseSeconds: 3, jitter: 0 }, drainTimeoutMs: 10_000 }),
    });
  }

  push(...numbers: readonly number[]): void {
    for (const n of numbers) {
      const body = codec.encode({ method: 'run', args: { n } });
      this.inbox.push({ body, ended: ({ type }) => void this.ends.push(type) });
    }
  }
}

describe('stopping a Consumer over messages in memory', () => {
  it('handles everything that was accepted, in hand or not, before stop resolves', async () => {
    const bench = new Bench(takes(1_000));
    bench.push(1, 2, 3, 4, 5);
    bench.consumer.start();
    await bench.clock.advance(500);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(2_499);
    expect(stopped.state).toBe('pending');
    await bench.clock.advance(1);
    expect([stopped.state, bench.handled, bench.clock.pending]).toEqual(['resolved', [1, 2, 3, 4, 5], 0]);
  });

  it('ends a pause, since what was accepted would end with the process', async () => {
    const bench = new Bench(takes(1_000));
    bench.consumer.start();
    const paused = watch(bench.consumer.pause());
    await bench.clock.advance(1);
    bench.push(1, 2, 3);
    await bench.clock.advance(60_000);
    expect([paused.state, bench.handled]).toEqual(['resolved', []]);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(2_000);
    expect([stopped.state, bench.handled, bench.ends]).toEqual([
      'resolved',
      [1, 2, 3],
      ['handled', 'handled', 'handled'],
    ]);
  });

  it('handles what its owner still accepts while it stops', async () => {
    const bench = new Bench(() => undefined, 'drop', 2_000);
    bench.consumer.start();
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(1_999);
    bench.push(7);
    await bench.clock.advance(1);
    expect([stopped.state, bench.handled]).toEqual(['resolved', [7]]);
  });

  it('gives a failed message its retry while time remains', async () => {
    let runs = 0;
    const bench = new Bench(() => {
      runs += 1;
      if (runs === 1) throw new Error('by script');
    });
    bench.push(1);
    bench.consumer.start();
    await bench.clock.advance(0);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(2_999);
    expect([stopped.state, runs]).toEqual(['pending', 1]);
    await bench.clock.advance(1);
    expect([stopped.state, runs, bench.ends]).toEqual(['resolved', 2, ['handled']]);
  });

  it('copies what is left after the drain timeout to the dead-letter queue', async () => {
    const bench = new Bench(takes(60_000), 'dead-letter');
    bench.push(1, 2, 3, 4);
    bench.consumer.start();
    await bench.clock.advance(0);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(10_500);
    await turns();
    expect(stopped.state).toBe('resolved');
    expect(bench.ends).toEqual(Array(4).fill('discarded'));
    const notes = bench.deadLetters.messages().map(({ attributes }) => attributes['thrift-dead-letter']);
    expect(notes).toHaveLength(4);
    for (const note of notes) expect(JSON.parse(note!)).toMatchObject({ reason: 'worker-stopped', queue: 'inbox' });
  });

  it('drops and reports what is left without a dead-letter queue', async () => {
    const bench = new Bench(takes(60_000));
    bench.push(1, 2, 3);
    bench.consumer.start();
    await bench.clock.advance(0);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(10_500);
    const left = bench.events.filter((event) => event.type === 'settled' && event.reason === 'worker-stopped');
    expect([stopped.state, left.length]).toEqual(['resolved', 3]);
    expect(left).toMatchObject(Array(3).fill({ outcome: 'reject', fate: 'removed' }));
  });

  it('gives what a worker that never received holds to the poison policy at once', async () => {
    const bench = new Bench(() => undefined, 'dead-letter');
    bench.push(1, 2);
    await bench.consumer.stop();
    expect([bench.handled, bench.deadLetters.messages().length]).toEqual([[], 2]);
  });

  it('sends a dead letter of bytes to a queue of text as base64', async () => {
    const bench = new Bench(() => undefined, 'dead-letter');
    bench.inbox.push({ body: Buffer.from('AAAA') });
    bench.consumer.start();
    await bench.clock.advance(100);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(100);
    const bodies = bench.deadLetters.messages().map(({ body }) => body);
    expect([stopped.state, bodies]).toEqual(['resolved', [Buffer.from('AAAA').toString('base64')]]);
  });
});
