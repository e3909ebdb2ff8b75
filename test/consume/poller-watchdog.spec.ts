import { describe, expect, it } from '@jest/globals';
import { Poller } from '../../lib/consume/poller.js';
import { MessageSlots } from '../../lib/consume/message-slots.js';
import type { TransportEvent } from '../../lib/diagnostics/transport-event.js';
import type { ReceiveOptions } from '../../lib/queue/queue.js';
import type { ReceivedMessage } from '../../lib/queue/wire-message.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';
import { received, standardGroups } from './harness.js';

type Receive = (options: ReceiveOptions, time: number) => Promise<readonly ReceivedMessage[]>;

/** A poller of a carrier that does what no carrier should. */
function start(receive: Receive, accept: (message: ReceivedMessage) => void = () => undefined) {
  const clock = new VirtualClock(0);
  const queue = createMemoryQueue({ clock });
  const events: TransportEvent[] = [];
  const asked: ReceiveOptions[] = [];
  queue.receive = (options) => receive(options, asked.push(options));
  const slots = new MessageSlots({ queue, clock, concurrency: 10 });
  const poller = new Poller({
    queue,
    clock,
    slots,
    groups: standardGroups({ queue, clock, slots }),
    intake: { accept },
    report: (event) => void events.push(event),
    waitTimeSeconds: 20,
    visibilityTimeoutSeconds: 30,
    handlerTimeoutMs: undefined,
    maxPollers: 4,
  });
  poller.start();
  return { clock, events, asked, slots, poller };
}

const hang = (): Promise<never> => new Promise<never>(() => undefined);

describe('the watchdog of a Poller', () => {
  it('aborts a receive that stays open 60 s beyond its wait, reports the failure and polls again', async () => {
    const bench = start((_, time) => (time === 1 ? hang() : Promise.resolve([received(`m${time}`)])));
    await bench.clock.advance(79_999);
    expect([bench.asked.length, bench.events]).toEqual([1, []]);
    await bench.clock.advance(1_001);
    expect(bench.asked[0]!.signal!.aborted).toBe(true);
    expect(bench.events[0]).toMatchObject({
      type: 'poll-failed',
      error: { code: 'ReceiveStalled', kind: 'network', retryable: true },
    });
    expect(bench.events.slice(1, 3).map(({ type }) => type)).toEqual(['poll-recovered', 'received']);
    // Ten slots: those of the dead receive are free again.
    expect([bench.slots.available, bench.asked.length]).toEqual([0, 11]);
  });

  it('leaves no timer when stop aborts a receive that never ends', async () => {
    const bench = start(
      ({ signal }) =>
        new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason as Error))),
    );
    await bench.clock.advance(1_000);
    bench.poller.abort();
    await bench.poller.stop();
    expect([bench.clock.pending, bench.slots.available, bench.events]).toEqual([0, 10, []]);
  });

  it('keeps polling after a defect in the message callback and reports the defect', async () => {
    let taken = 0;
    const bench = start(
      (_, time) => (time <= 3 ? Promise.resolve([received(`m${time}`)]) : hang()),
      () => {
        taken += 1;
        if (taken === 1) throw new TypeError('a defect');
      },
    );
    await bench.clock.advance(2_000);
    expect([taken, bench.asked.length]).toEqual([3, 4]);
    expect(bench.events.filter(({ type }) => type === 'poll-failed')).toMatchObject([
      { error: { code: 'QueueFailure', message: 'QueueFailure: a defect' } },
    ]);
  });
});
