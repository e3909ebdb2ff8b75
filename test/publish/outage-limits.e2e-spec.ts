import { describe, expect, it } from '@jest/globals';
import type { PublishOptions } from '#lib/publish/publish-options.js';
import { sleep } from '#lib/queue/clock.js';
import type { SendResult } from '#lib/queue/queue.js';
import type { WireMessage } from '#lib/queue/wire-message.js';
import { Bench, failure } from './harness.js';

const OUTAGE_MS = 20_000;
const STEP_MS = 20;

/** Time in ms after which a request without an answer fails, as on SQS. */
const REQUEST_MS = 5_000;

interface Limits {
  /** Longest time in ms after which a call was given up. */
  readonly longestMs: number;
  /** Time in ms after the outage until the last call found the buffer full. */
  readonly fullForMs: number;
  /** Number of calls that were given up. */
  readonly givenUp: number;
}

/**
 * Emits at a rate through an outage of 20 s. `failsAfterMs` is the time that a request of the outage
 * takes to fail. A request that is open at the end of the outage still fails.
 */
async function outage(failsAfterMs: number, options: PublishOptions, perSecond = 2_000): Promise<Limits> {
  const bench = new Bench({ retryBaseMs: 100, ...options });
  const { clock, queue, publisher } = bench;
  const send = queue.send.bind(queue);
  let isDown = false;
  queue.send = async (messages: readonly WireMessage[]): Promise<readonly SendResult[]> => {
    if (!isDown) return sleep(clock, 5).then(() => send(messages));
    await sleep(clock, failsAfterMs);
    throw failure('network');
  };
  await publisher.connect();
  isDown = true;
  const startedAt = clock.now();
  const seen = { longestMs: 0, fullForMs: 0, givenUp: 0 };
  for (let ms = 0; ms < OUTAGE_MS + 10_000; ms += STEP_MS) {
    isDown = ms < OUTAGE_MS;
    for (let i = 0; i < (perSecond * STEP_MS) / 1_000; i += 1) {
      const emittedAt = clock.now();
      publisher.publish({ method: 'text', args: { text: 'x' } }).catch((error: { code?: string }) => {
        const now = clock.now();
        if (error.code === 'buffer-full') seen.fullForMs = Math.max(seen.fullForMs, now - startedAt - OUTAGE_MS);
        else {
          seen.givenUp += 1;
          seen.longestMs = Math.max(seen.longestMs, now - emittedAt);
        }
      });
    }
    await clock.advance(STEP_MS);
  }
  await publisher.close();
  expect(clock.pending).toBe(0);
  return seen;
}

describe('the limits of a client in an outage', () => {
  it.each<[string, number, PublishOptions]>([
    ['refused connections', 1, {}],
    ['requests that fail after two seconds', 2_000, {}],
    ['requests that hang', REQUEST_MS, {}],
    ['requests that hang, and one at a time', REQUEST_MS, { maxInFlight: 1 }],
    ['requests that hang, and a short timeout', REQUEST_MS, { deliveryTimeoutMs: 1_000 }],
    ['requests that hang, and shared bodies', REQUEST_MS, { pack: true }],
    ['refused connections, and shared bodies', 1, { pack: true }],
  ])('gives a call up at most one second after deliveryTimeoutMs: %s', async (_, failsAfterMs, options) => {
    const { longestMs, givenUp } = await outage(failsAfterMs, options, 500);
    expect(givenUp).toBeGreaterThan(100);
    expect(longestMs).toBeLessThanOrEqual((options.deliveryTimeoutMs ?? 10_000) + 1_000);
  });

  it.each<[string, number, number]>([
    ['refused connections', 1, 1_000],
    ['requests that hang', REQUEST_MS, 2_000],
  ])('has room for every call soon after the queue answers again: %s', async (_, failsAfterMs, withinMs) => {
    const { fullForMs, longestMs } = await outage(failsAfterMs, {});
    expect(fullForMs).toBeLessThanOrEqual(withinMs);
    expect(longestMs).toBeLessThanOrEqual(11_000);
  });
});
