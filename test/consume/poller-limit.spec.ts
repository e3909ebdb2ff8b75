import { describe, expect, it } from '@jest/globals';
import { Poller } from '../../lib/consume/poller.js';
import { MessageSlots } from '../../lib/consume/message-slots.js';
import { sleep } from '../../lib/queue/clock.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';
import { received, standardGroups } from './harness.js';

/** Polls a queue that always has messages. Returns the most receives that were open at once. */
async function mostOpen(receives: number | undefined, maxPollers: number): Promise<number> {
  const clock = new VirtualClock(0);
  const queue = createMemoryQueue({ clock, limits: { receives } });
  const slots = new MessageSlots({ queue, clock, concurrency: 1_000 });
  let open = 0;
  let most = 0;
  queue.receive = async ({ max }) => {
    most = Math.max(most, (open += 1));
    await sleep(clock, 100);
    open -= 1;
    return Array.from({ length: max }, (_, at) => received(String(at)));
  };
  const poller = new Poller({
    queue,
    clock,
    slots,
    groups: standardGroups({ queue, clock, slots }),
    intake: { accept: () => undefined },
    report: () => undefined,
    waitTimeSeconds: 20,
    visibilityTimeoutSeconds: 30,
    handlerTimeoutMs: undefined,
    maxPollers,
  });
  poller.start();
  await clock.advance(2_000);
  const stopped = poller.stop();
  await clock.advance(1_000);
  await stopped;
  return most;
}

describe('the receives that a poller keeps open', () => {
  it.each([
    [undefined, 3, 3],
    [5, 3, 3],
    [2, 3, 2],
    [1, 64, 1],
    [0, 3, 1],
  ])('stay within the limit %p of the queue and maxPollers %p', async (receives, maxPollers, most) => {
    expect(await mostOpen(receives, maxPollers)).toBe(most);
  });
});
