import { describe, expect, it } from '@jest/globals';
import { sleep } from '#lib/queue/clock.js';
import type { EntryResult } from '#lib/queue/queue.js';
import type { BatcherSettings } from '#lib/queue/batch-requests.js';
import { Batcher } from '#lib/queue/batcher.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { codes, failure, OK, SETTINGS } from './harness.js';

interface Sent {
  readonly ids: readonly number[];
  readonly startedAt: number;
}

/** Runs a batcher of numbers whose requests take as long as the script says before they fail or are answered. */
class Requests {
  readonly clock = new VirtualClock(0);
  readonly sent: Sent[] = [];
  readonly endedAt = new Map<number, number>();
  readonly batcher: Batcher<number, EntryResult>;

  constructor(
    private readonly script: (request: number) => { readonly ms: number; readonly fails: boolean },
    settings: Partial<BatcherSettings> = {},
  ) {
    const run = (ids: readonly number[]): Promise<readonly EntryResult[]> => this.run(ids);
    this.batcher = new Batcher<number, EntryResult>(
      { run },
      {
        ...SETTINGS,
        clock: this.clock,
        retryBaseMs: 100,
        ...settings,
      },
    );
  }

  add(id: number): Promise<EntryResult> {
    const result = this.batcher.add(id);
    void result.then(() => this.endedAt.set(id, this.clock.now()));
    return result;
  }

  private async run(ids: readonly number[]): Promise<readonly EntryResult[]> {
    this.sent.push({ ids, startedAt: this.clock.now() });
    const { ms, fails } = this.script(this.sent.length);
    await sleep(this.clock, ms);
    if (fails) throw failure('network');
    return ids.map(() => OK);
  }
}

describe('the delivery timeout', () => {
  it('fails an item on time while its first request hangs, although no request has failed yet', async () => {
    const requests = new Requests(() => ({ ms: 60_000, fails: true }));
    const result = requests.add(1);
    await requests.clock.advance(12_000);
    expect(await codes([result])).toEqual(['DeliveryTimeout']);
    expect(requests.endedAt.get(1)).toBe(10_000);
    await requests.clock.advance(60_000);
    expect(requests.sent).toHaveLength(1);
    expect(requests.clock.pending).toBe(0);
  });

  it('fails an item with the error of the last request', async () => {
    const requests = new Requests(() => ({ ms: 4_000, fails: true }));
    const result = requests.add(1);
    await requests.clock.advance(20_000);
    expect(await codes([result])).toEqual(['Scripted']);
    expect(requests.endedAt.get(1)).toBe(10_000);
  });

  it('ends an item once when its hanging request is answered late', async () => {
    const requests = new Requests(() => ({ ms: 15_000, fails: false }));
    const result = requests.add(1);
    await requests.clock.advance(20_000);
    expect(await codes([result])).toEqual(['DeliveryTimeout']);
    await requests.batcher.idle();
    expect(requests.sent).toHaveLength(1);
  });

  it('fails no item of a slow queue that answers', async () => {
    const requests = new Requests(() => ({ ms: 9_000, fails: false }), { maxInFlight: 1, maxEntries: 1 });
    const results = [1, 2, 3, 4].map((id) => requests.add(id));
    await requests.clock.advance(60_000);
    expect(await codes(results)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(requests.endedAt.get(4)).toBe(36_000);
  });

  it('sends another request when the test of an outage hangs', async () => {
    const requests = new Requests((request) => (request <= 2 ? { ms: 5_000, fails: true } : { ms: 10, fails: false }), {
      maxEntries: 1,
      deliveryTimeoutMs: 60_000,
      random: () => 1,
    });
    void requests.add(0);
    await requests.clock.advance(5_050);
    const results = [1, 2, 3].map((id) => requests.add(id));
    await requests.clock.advance(1_700);
    // The second request tests the queue from 5.1 s on and hangs.
    expect(requests.sent.slice(1, 3).map(({ startedAt }) => startedAt)).toEqual([5_100, 6_600]);
    expect([1, 2, 3].map((id) => requests.endedAt.get(id))).toEqual([6_610, 6_620, 6_620]);
    await requests.clock.advance(10_000);
    expect(await codes(results)).toEqual(['ok', 'ok', 'ok']);
  });
});
