import { expect, it } from '@jest/globals';
import { Asks, Bench, body, failure, range, type Handler } from './harness.js';

/** Seconds after which the first body comes back: later than all other bodies. */
const LATE_SECONDS = 800;

/** The calls 1 and 2 fail in each delivery of their body, other calls but 0 only in the first. */
const handler: Handler = (n, { calls, message }) => {
  if (n === 0 || calls.length === 1) return;
  if (n <= 2) throw new Asks({ type: 'retry', delaySeconds: LATE_SECONDS });
  if (message.receiveCount === 1) throw new Asks({ type: 'retry', delaySeconds: 1 });
};

it('remembers the stored calls of a body while hundreds of other bodies come and leave the queue', async () => {
  const bench = new Bench(handler, { concurrency: 1_000 });
  const store = bench.queue.send.bind(bench.queue);
  const put = (...numbers: readonly number[]) => store([{ body: body(0, ...numbers) }]);
  const sent: unknown[] = [];
  let fails = true;
  // Calls of even numbers fail while the test says so.
  const failing = new Set<unknown>(range(1_000).map((n) => body(n * 2)));
  bench.queue.send = (messages) =>
    Promise.all(
      messages.map(async (message) => {
        if (fails && failing.has(message.body)) return { ok: false, error: failure('service') };
        sent.push(message.body);
        return (await store([message]))[0]!;
      }),
    );
  await put(1, 2);
  await bench.start(20_000);
  expect(sent).toEqual([body(1)]);
  // Two groups of bodies, because a worker remembers 256 bodies at most.
  for (const first of [1, 131]) {
    for (const n of range(130, first)) await put(n * 2 + 1, n * 2 + 2);
    await bench.clock.advance(60_000);
    // The first body and its stored call are due later.
    expect(bench.left).toBe(2);
  }
  fails = false;
  sent.length = 0;
  await bench.clock.advance(2 * LATE_SECONDS * 1_000);
  expect([sent, bench.left]).toEqual([[body(2)], 0]);
});
