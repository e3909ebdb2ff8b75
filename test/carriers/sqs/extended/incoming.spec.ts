import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ReceivedMessage } from '../../../../lib/queue/wire-message.js';
import { createMemoryQueue } from '../../../../lib/carriers/memory/memory-queue.js';
import { slowBench, type SlowS3 } from './slow-s3.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** Returns the messages of a receive that answers only when `ms` milliseconds are over. */
async function after(ms: number, receiving: Promise<readonly ReceivedMessage[]>): Promise<readonly ReceivedMessage[]> {
  let answered = false;
  void receiving.finally(() => (answered = true));
  await jest.advanceTimersByTimeAsync(ms - 1);
  expect(answered).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  return receiving;
}

describe('a slow body in S3', () => {
  it.each([
    [1, 1_000],
    [2, 1_000],
    [30, 12_000],
    [60, 24_000],
    [75, 30_000],
    [43_200, 30_000],
  ])('gets a fault at the deadline of its fetch: with a lease of %d s after %d ms', async (lease, ms) => {
    const { sendLarge, receive } = slowBench();
    await sendLarge(1);
    const [late] = await after(ms, receive(lease));
    expect(late!.fault).toMatchObject({ code: 'NoAnswer', kind: 'network', retryable: true, queue: 'own' });
    expect(late!.fault!.message).toBe(
      `NoAnswer: bucket "own" (region eu-west-1, endpoint of AWS) did not answer GetObject within ${ms} ms. Check the endpoint, the region and the network.`,
    );
    expect(late!.defect).toBeUndefined();
  });

  it('shares one deadline with the other bodies of its receive', async () => {
    const { s3, sendLarge, receive } = slowBench();
    await sendLarge(10);
    const receiving = receive(30);
    await jest.advanceTimersByTimeAsync(0);
    expect(s3.open.size).toBe(10);
    const late = await after(12_000, receiving);
    expect(late.map(({ fault }) => fault?.code)).toEqual(late.map(() => 'NoAnswer'));
    expect(s3.open.size).toBe(0);
  });

  it('leaves the other messages of its receive intact', async () => {
    const { sendLarge, sendSmall, receive } = slowBench();
    await sendLarge(1);
    await sendSmall(9);
    const [late, ...others] = await after(12_000, receive(30));
    expect(late!.fault).toBeDefined();
    expect(others.map(({ body: text, fault }) => [text, fault])).toEqual(
      Array.from({ length: 9 }, (_, at) => [`small ${at}`, undefined]),
    );
  });

  it('is delivered without a fault when S3 answers before the deadline', async () => {
    const { s3, large, sendLarge, receive } = slowBench();
    await sendLarge(1);
    const receiving = receive(30);
    await jest.advanceTimersByTimeAsync(11_999);
    s3.answer();
    const [message] = await receiving;
    expect(message).toMatchObject({ body: 'large 0' });
    expect(message!.fault).toBeUndefined();
    await large.acknowledge([message!]);
    await large.close();
    expect(s3.objects.size).toBe(0);
  });

  it.each<[string, (s3: SlowS3) => void, number]>([
    ['its deadline', () => undefined, 12_000],
    [
      'a failure of S3',
      (s3) => {
        s3.slow = false;
        s3.fails = Object.assign(new Error('by script'), { name: 'InternalError' });
      },
      0,
    ],
  ])('is fetched anew on the delivery after %s', async (_, break_, ms) => {
    const { s3, sendLarge, receive, release } = slowBench();
    await sendLarge(1);
    break_(s3);
    const receiving = receive(30);
    await jest.advanceTimersByTimeAsync(ms);
    const late = await receiving;
    expect(late).toMatchObject([{ fault: { retryable: true } }]);
    await release(late);
    Object.assign(s3, { slow: false, fails: undefined });
    expect(await receive(30)).toMatchObject([{ body: 'large 0', receiveCount: 2 }]);
    expect(s3.fetches).toBe(2);
  });

  it('gets no more time on the last delivery before the dead-letter queue', async () => {
    const deadLetterQueue = createMemoryQueue({ name: 'rejected' });
    const { sendLarge, receive } = slowBench({ redrive: { maxReceiveCount: 1, deadLetterQueue } });
    await sendLarge(1);
    expect(await after(12_000, receive(30))).toMatchObject([{ fault: { code: 'NoAnswer' } }]);
  });

  it('is given up when the receive is aborted, and the other messages are delivered', async () => {
    const { s3, sendLarge, sendSmall, receive } = slowBench();
    await sendLarge(9);
    await sendSmall(1);
    const stop = new AbortController();
    const receiving = receive(30, stop.signal);
    await jest.advanceTimersByTimeAsync(0);
    expect(s3.open.size).toBe(9);
    stop.abort();
    const codes = (await receiving).map(({ fault }) => fault?.code);
    expect(codes).toEqual([...Array<string>(9).fill('RequestAborted'), undefined]);
    expect(s3.open.size).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('leaves no fetch and no timer after the queue is closed', async () => {
    const { s3, large, sendLarge, sendSmall, receive } = slowBench();
    await sendLarge(3);
    await sendSmall(1);
    const receiving = receive(30);
    await jest.advanceTimersByTimeAsync(0);
    expect([s3.open.size, jest.getTimerCount()]).toEqual([3, 3]);
    await large.close();
    expect([s3.open.size, jest.getTimerCount()]).toEqual([0, 0]);
    const codes = (await receiving).map(({ fault }) => fault?.code);
    expect(codes).toEqual([...Array<string>(3).fill('RequestAborted'), undefined]);
  });
});
