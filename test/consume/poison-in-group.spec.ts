import { describe, expect, it } from '@jest/globals';
import { seedRandom } from '../queue/harness.js';
import { Fleet, type FleetOptions } from './fleet/fleet.js';
import { Bench, codec, range } from './harness.js';

seedRandom();

/** The bytes of a call, changed. */
function changed(change: (bytes: Buffer) => Buffer): string {
  return change(Buffer.from(codec.encode({ method: 'run', args: { n: 1 } }))).toString('base64');
}

const at = (index: number, value: number) => (bytes: Buffer) => {
  bytes[index] = value;
  return bytes;
};

/** Bodies that no worker can handle. */
const POISON: readonly (readonly [string, string])[] = [
  ['no base64', 'poison'],
  ['an unknown protocol', Buffer.from('poison').toString('base64')],
  ['an unknown method', changed(at(8, 88))],
  ['a truncated call', changed((bytes) => bytes.subarray(0, -3))],
  ['a field of another type', changed(at(15, 11))],
];

/** Time in ms within which the queue has moved the poison, with the requests that this takes. */
const SECONDS_MS = 5_000;

/** Sends poison before, among and after five good messages of one group. */
async function poisoned(body: string, options: FleetOptions): Promise<Fleet> {
  const fleet = new Fleet(() => undefined, { fifo: true, ...options });
  const poison = (id: string): Promise<unknown> => fleet.queue.send([{ body, groupId: 'g', deduplicationId: id }]);
  await poison('first');
  await fleet.send([1, 2, 3], { groupId: 'g' });
  await poison('among');
  await fleet.send([4, 5], { groupId: 'g' });
  await poison('last');
  fleet.start();
  return fleet;
}

describe('messages of a FIFO group that no worker can handle, on a queue with a redrive policy', () => {
  it.each(POISON)('hold up their group for seconds: %s', async (_, body) => {
    for (const maxReceiveCount of [1, 3, 10, 50]) {
      for (const workers of range(3)) {
        const fleet = await poisoned(body, { workers, maxReceiveCount });
        await fleet.advance(3 * SECONDS_MS, () => fleet.isEmpty);
        expect(fleet.runs.map(({ n }) => n)).toEqual(range(5));
        expect([fleet.dead.messages().length, fleet.isEmpty]).toEqual([3, true]);
      }
    }
  });
});

describe('messages of a standard queue that no worker can handle, on a queue with a redrive policy', () => {
  const moved = async (body: string): Promise<number> => {
    const fleet = new Fleet(() => undefined, { workers: 2, maxReceiveCount: 10 });
    await fleet.queue.send([{ body }]);
    fleet.start();
    await fleet.advance(3_600_000, () => fleet.isEmpty);
    return fleet.clock.now();
  };

  it.each(POISON.filter(([what]) => what !== 'an unknown method'))('are moved within seconds: %s', async (_, body) => {
    expect(await moved(body)).toBeLessThanOrEqual(SECONDS_MS);
  });

  it('come back later if a newer worker may know their method', async () => {
    expect(await moved(POISON.find(([what]) => what === 'an unknown method')![1])).toBeGreaterThan(60_000);
  });
});

describe('messages of a FIFO group that no worker can handle, on a queue that moves no messages', () => {
  it.each([
    ['it has no redrive policy', undefined],
    ['it does not keep to its redrive policy', { maxReceiveCount: 3, target: 'gone' }],
    ['its redrive policy is not known', 'unknown'],
  ] as const)('come back ever more slowly: %s', async (_, redrive) => {
    const bench = new Bench(undefined, { queue: { fifo: true }, retry: { baseSeconds: 2 } });
    Object.assign(bench.queue, { redrive });
    await bench.queue.send([{ body: 'poison', groupId: 'g' }]);
    await bench.start(3_600_000);
    expect([bench.left, bench.settled.length > 3, bench.settled.length < 60]).toEqual([1, true, true]);
  });
});
