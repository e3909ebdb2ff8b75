import { describe, expect, it } from '@jest/globals';
import { decode } from '../../../lib/consume/middleware/decode.js';
import { AbortSource } from '../../../lib/queue/abort-source.js';
import type { Delivery } from '../../../lib/consume/delivery.js';
import type { EventCodec } from '../../../lib/event/event-codec.js';
import { createMemoryQueue } from '../../../lib/carriers/memory/memory-queue.js';

/** Runs a body of `calls` calls; gives the most that ran at once, and the order in which they began. */
async function run(calls: number, concurrency: number, fifo: boolean): Promise<{ most: number; begun: string[] }> {
  const codec = { decode: () => Array.from({ length: calls }, (_, i) => ({ method: `call-${i}`, args: {} })) };
  let running = 0;
  let most = 0;
  const begun: string[] = [];
  const { features } = createMemoryQueue({ fifo });
  const handle = decode({
    codec: codec as unknown as EventCodec,
    queue: { features },
    clock: { now: () => 0 },
    slowCalls: { begin: () => undefined, end: () => undefined },
    concurrency,
  })(async ({ method }) => {
    begun.push(method);
    most = Math.max(most, (running += 1));
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (method === 'call-1') throw new Error('broken');
  });
  const delivery = { message: { body: 'any' }, aborts: new AbortSource(), calls: [] } as unknown as Delivery;
  await expect(handle(delivery)).rejects.toThrow(fifo ? 'broken' : '1 handlers failed');
  expect(running).toBe(0);
  return { most, begun };
}

describe('a body of many calls', () => {
  it('runs all calls of a body within the concurrency limit although one call fails', async () => {
    const { most, begun } = await run(1_000, 10, false);
    expect(most).toBe(10);
    expect(begun).toHaveLength(1_000);
  });

  it('runs all calls of a body at once when the body has fewer calls than the concurrency limit', async () => {
    expect((await run(3, 10, false)).most).toBe(3);
  });

  it('runs the calls of a body from an ordered queue one by one and stops at the first failure', async () => {
    expect(await run(5, 10, true)).toEqual({ most: 1, begun: ['call-0', 'call-1'] });
  });
});
