import { describe, expect, it } from '@jest/globals';
import type { ReceivedMessage } from '../../../lib/queue/wire-message.js';
import { createMemoryQueue, type MemoryQueue } from '../../../lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '../../../lib/testing/virtual-clock.js';

const RECEIVE = { max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 };

/** Notes if a wait has ended. */
function watch(wait: Promise<void>): { ended: boolean } {
  const seen = { ended: false };
  void wait.then(() => (seen.ended = true));
  return seen;
}

/** Lets everything run that runs at once. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function receive(queue: MemoryQueue): Promise<readonly ReceivedMessage[]> {
  return queue.receive(RECEIVE);
}

describe('untilIdle', () => {
  it('resolves when the last message in hand is acknowledged', async () => {
    const queue = createMemoryQueue();
    await queue.send([{ body: 'a' }, { body: 'b' }]);
    const idle = watch(queue.untilIdle());
    const [a, b] = await receive(queue);
    await queue.acknowledge([a!]);
    await turns();
    expect(idle.ended).toBe(false);
    await queue.acknowledge([b!]);
    await turns();
    expect(idle.ended).toBe(true);
  });

  it('does not wait for a message that waits for its retry, and waits again when its time has come', async () => {
    const clock = new VirtualClock();
    const queue = createMemoryQueue({ clock });
    await queue.send([{ body: 'a' }]);
    const [message] = await receive(queue);
    const idle = watch(queue.untilIdle());
    await turns();
    expect(idle.ended).toBe(false);
    await queue.release([{ message: message!, seconds: 60, cause: 'failed' }]);
    await queue.untilIdle();
    expect(queue.depth()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await clock.advance(60_000);
    const again = watch(queue.untilIdle());
    await turns();
    expect(again.ended).toBe(false);
    await queue.acknowledge(await receive(queue));
    await turns();
    expect(again.ended).toBe(true);
  });

  it('does not wait for a message that was sent with a delay', async () => {
    const queue = createMemoryQueue({ clock: new VirtualClock() });
    await queue.send([{ body: 'a', delaySeconds: 60 }]);
    await queue.untilIdle();
    expect(queue.depth().delayed).toBe(1);
  });

  it('does not wait for the messages behind a waiting message of their FIFO group', async () => {
    const queue = createMemoryQueue({ fifo: true, contentBasedDeduplication: true, clock: new VirtualClock() });
    await queue.send(['1', '2', 'other'].map((body) => ({ body, groupId: body === 'other' ? 'b' : 'a' })));
    const [first, second, other] = await receive(queue);
    await queue.release([{ message: second!, seconds: 0, cause: 'not-started' }]);
    await queue.release([{ message: first!, seconds: 60, cause: 'failed' }]);
    const idle = watch(queue.untilIdle());
    await turns();
    expect(idle.ended).toBe(false);
    await queue.acknowledge([other!]);
    await turns();
    expect(idle.ended).toBe(true);
  });

  it('waits for the calls that an end has not sent yet', async () => {
    const queue = createMemoryQueue();
    let sent = (): void => undefined;
    const whenSent = new Promise<void>((resolve) => (sent = resolve));
    const end = queue.open({ pending: { whenSent: () => whenSent } });
    const idle = watch(queue.untilIdle());
    await turns();
    expect(idle.ended).toBe(false);
    await end.send([{ body: 'a' }]);
    sent();
    await turns();
    expect(idle.ended).toBe(false);
    await queue.acknowledge(await receive(queue));
    await turns();
    expect(idle.ended).toBe(true);
  });
});

describe('untilEmpty', () => {
  it('waits for retries, and resolves when the redrive policy has moved the last message', async () => {
    const deadLetterQueue = createMemoryQueue({ name: 'dead' });
    const queue = createMemoryQueue({ redrive: { maxReceiveCount: 1, deadLetterQueue } });
    await queue.send([{ body: 'a' }]);
    const [message] = await receive(queue);
    const empty = watch(queue.untilEmpty());
    await queue.release([{ message: message!, seconds: 0, cause: 'failed' }]);
    await turns();
    expect(empty.ended).toBe(false);
    expect(await receive(queue)).toEqual([]);
    await turns();
    expect(empty.ended).toBe(true);
    expect(queue.deadLetterQueue?.messages()).toMatchObject([{ body: 'a', receiveCount: 1 }]);
  });
});
