import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ReceivedMessage } from '../../../../lib/queue/wire-message.js';
import type { Pointer } from '../../../../lib/carriers/sqs/extended/pointer.js';
import { createMemoryQueue, type MemoryQueueOptions } from '../../../../lib/testing/index.js';
import { Bench, failure, MemoryStore } from './harness.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** Bodies that come when a test says so; the key of each is its own. */
class SlowStore extends MemoryStore {
  /** The milliseconds that each fetch was given. */
  readonly given: number[] = [];
  private readonly open: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  slow = true;

  override async get(pointer: Pointer, ms = NaN): Promise<string> {
    this.given.push(ms);
    if (this.slow) await new Promise<void>((resolve, reject) => this.open.push({ resolve, reject }));
    return super.get(pointer);
  }

  /** Lets what is asked for come. */
  deliver(): void {
    for (const { resolve } of this.open.splice(0)) resolve();
  }

  break(error: Error): void {
    for (const { reject } of this.open.splice(0)) reject(error);
  }
}

function slowBench(options: MemoryQueueOptions = {}) {
  const store = new SlowStore();
  const bench = new Bench({ threshold: 0 }, options, store);
  const bodies = (count: number, body: string) => Array.from({ length: count }, (_, at) => ({ body: `${body} ${at}` }));
  return {
    bench,
    store,
    sendLarge: (count: number) => bench.large.send(bodies(count, 'large')),
    sendSmall: (count: number) => bench.queue.send(bodies(count, 'small')),
    /** Gives messages back, for the next receive. */
    release: (messages: readonly ReceivedMessage[]) =>
      bench.large.release(messages.map((message) => ({ message, seconds: 0 }))),
  };
}

/** What a receive answered once so many milliseconds were over. */
async function after(ms: number, receiving: Promise<readonly ReceivedMessage[]>): Promise<readonly ReceivedMessage[]> {
  await jest.advanceTimersByTimeAsync(ms);
  return receiving;
}

describe('a slow body in S3', () => {
  it('delays the messages received with a slow body by at most one second', async () => {
    const { bench, sendLarge, sendSmall } = slowBench();
    await sendLarge(1);
    await sendSmall(9);
    let answered = false;
    const receiving = bench.receive().finally(() => (answered = true));
    await jest.advanceTimersByTimeAsync(999);
    expect(answered).toBe(false);
    const [late, ...others] = await after(1, receiving);
    expect(late!.fault).toMatchObject({ code: 'PayloadLate', kind: 'network', retryable: true });
    expect(late!.defect).toBeUndefined();
    expect(others.map(({ body, fault }) => [body, fault])).toEqual(
      Array.from({ length: 9 }, (_, at) => [`small ${at}`, undefined]),
    );
  });

  it('keeps fetching a slow body for the next delivery', async () => {
    const { bench, store, sendLarge, release } = slowBench();
    await sendLarge(1);
    await release(await after(1_000, bench.receive()));
    const receiving = bench.receive();
    await jest.advanceTimersByTimeAsync(500);
    store.deliver();
    const [message] = await receiving;
    expect(message).toMatchObject({ body: 'large 0', receiveCount: 2 });
    expect(message!.fault).toBeUndefined();
    expect(store.given).toEqual([15_000]);
    await bench.large.acknowledge([message!]);
    await bench.large.close();
    expect(store.bodies.size).toBe(0);
  });

  it('fetches a body again after its fetch has failed', async () => {
    const { bench, store, sendLarge, release } = slowBench();
    await sendLarge(1);
    await release(await after(1_000, bench.receive()));
    store.break(failure('network'));
    await jest.advanceTimersByTimeAsync(0);
    store.slow = false;
    expect(await bench.receive()).toMatchObject([{ body: 'large 0' }]);
    expect(store.given).toHaveLength(2);
  });

  it.each([
    [59_999, 1],
    [60_000, 2],
  ])('keeps a fetched body for one minute: after %d ms, %d fetches', async (ms, requests) => {
    const { bench, store, sendLarge, release } = slowBench();
    await sendLarge(1);
    await release(await after(1_000, bench.receive()));
    store.deliver();
    await jest.advanceTimersByTimeAsync(ms);
    store.slow = false;
    expect(await bench.receive()).toMatchObject([{ body: 'large 0' }]);
    expect(store.given).toHaveLength(requests);
  });

  it('keeps at most ten slow fetches running after their receive', async () => {
    const { bench, store, sendLarge } = slowBench();
    for (const _ of [1, 2]) {
      await sendLarge(10);
      const late = await after(1_000, bench.receive());
      expect(late.map(({ fault }) => fault?.code)).toEqual(late.map(() => 'PayloadLate'));
    }
    expect(store.given).toEqual([...Array<number>(10).fill(15_000), ...Array<number>(10).fill(1_000)]);
    store.deliver();
    await bench.large.close();
  });

  it('waits longer for a body on the last delivery before the dead-letter queue', async () => {
    const deadLetterQueue = createMemoryQueue({ name: 'rejected' });
    const { bench, store, sendLarge, release } = slowBench({ redrive: { maxReceiveCount: 2, deadLetterQueue } });
    await sendLarge(1);
    const late = await after(1_000, bench.receive());
    expect(late).toMatchObject([{ fault: { code: 'PayloadLate' } }]);
    await release(late);
    const receiving = bench.receive();
    await jest.advanceTimersByTimeAsync(13_000);
    store.deliver();
    expect(await receiving).toMatchObject([{ body: 'large 0', receiveCount: 2 }]);
  });

  it('leaves no timer after the queue is closed', async () => {
    const { bench, store, sendLarge } = slowBench();
    await sendLarge(3);
    await after(1_000, bench.receive());
    store.deliver();
    await jest.advanceTimersByTimeAsync(0);
    expect(jest.getTimerCount()).toBeGreaterThan(0);
    await bench.large.close();
    expect(jest.getTimerCount()).toBe(0);
  });
});
