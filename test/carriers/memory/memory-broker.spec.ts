import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../../../lib/testing/virtual-clock.js';
import { MemoryBroker } from '../../../lib/testing.js';

const RECEIVE = { max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 };

describe('MemoryBroker', () => {
  it('returns the same queue for the same name, and FIFO queues for names that end in .fifo', () => {
    const broker = new MemoryBroker();
    expect(broker.queue('backup')).toBe(broker.queue('backup'));
    expect(broker.queue('backup')).toMatchObject({ name: 'backup', features: { ordered: false } });
    expect(broker.queue('edits.fifo')).toMatchObject({ name: 'edits.fifo', features: { ordered: true } });
  });

  it('shares no queue with another broker', async () => {
    const [one, other] = [new MemoryBroker(), new MemoryBroker()];
    await one.queue('backup').send([{ body: 'a' }]);
    expect(other.queue('backup').messages()).toEqual([]);
  });

  it('runs all queues on its clock', async () => {
    const clock = new VirtualClock();
    const broker = new MemoryBroker({ clock });
    await broker.queue('backup').send([{ body: 'a', delaySeconds: 60 }]);
    await clock.advance(60_000);
    expect(broker.queue('backup').depth()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  it.each([
    ['orders', 'orders-dlq'],
    ['orders.fifo', 'orders-dlq.fifo'],
  ])('creates the dead-letter queue of %s as %s', async (name, dlq) => {
    const broker = new MemoryBroker();
    const queue = broker.createQueue(name, { deadLetterQueue: true, maxReceiveCount: 1 });
    expect(broker.queue(name)).toBe(queue);
    expect(queue.redrive).toEqual({ maxReceiveCount: 1, target: dlq });
    await queue.send([{ body: 'a', ...(name.endsWith('.fifo') && { groupId: 'g', deduplicationId: 'd' }) }]);
    const [message] = await queue.receive(RECEIVE);
    await queue.release([{ message: message!, seconds: 0, cause: 'failed' }]);
    expect(await queue.receive(RECEIVE)).toEqual([]);
    expect(broker.queue(dlq).messages()).toMatchObject([{ body: 'a' }]);
  });

  it('moves messages after three receives by default', () => {
    expect(new MemoryBroker().createQueue('q', { deadLetterQueue: true }).redrive).toMatchObject({
      maxReceiveCount: 3,
    });
  });

  it('resolves untilIdle only when every queue is idle, in whatever order they become idle', async () => {
    const broker = new MemoryBroker();
    const [first, second] = [broker.queue('first'), broker.queue('second')];
    await first.send([{ body: 'a' }]);
    let idle = false;
    void broker.untilIdle().then(() => (idle = true));
    // The handler of the first queue emits to the second queue before its message is acknowledged.
    await second.send([{ body: 'b' }]);
    await first.acknowledge(await first.receive(RECEIVE));
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(idle).toBe(false);
    await second.acknowledge(await second.receive(RECEIVE));
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(idle).toBe(true);
  });

  it('refuses mistakes in the creation of a queue', () => {
    const broker = new MemoryBroker();
    broker.queue('taken');
    expect(() => broker.createQueue('taken', {})).toThrow(
      'the queue "taken" exists already; create it before anything else uses its name',
    );
    expect(() => broker.createQueue('q', { maxReceiveCount: 2 })).toThrow(
      'option maxReceiveCount needs deadLetterQueue: true',
    );
    expect(() => broker.createQueue('q', { deadLeterQueue: true } as never)).toThrow(
      'createQueue: unknown option deadLeterQueue; did you mean deadLetterQueue?',
    );
    expect(() => new MemoryBroker({ clok: new VirtualClock() } as never)).toThrow(
      'MemoryBroker: unknown option clok; did you mean clock?',
    );
  });
});
