import { jest } from '@jest/globals';
import { sleep } from '#lib/queue/clock.js';
import { range } from '../harness.js';
import { Fleet, type FleetHandler, seededRandom } from './fleet.js';

export const LATE_NUMBERS = range(20);

/** Handles messages behind a network that delays requests and answers. A seed decides everything. */
export async function overLateNetwork(seed: number): Promise<Fleet> {
  const random = seededRandom(seed);
  jest.spyOn(Math, 'random').mockImplementation(seededRandom(seed + 1_000));
  const upTo = (ms: number): number => Math.floor(random() * ms);
  // One request in ten, or its answer, is very late.
  const late = (): number => (random() < 0.1 ? upTo(40_000) : upTo(300));
  const fifo = random() < 0.5;
  const handler: FleetHandler = async (_, { lease }, clock) => {
    await sleep(clock, upTo(20_000));
    // A handler may ask for a shorter lease too.
    if (random() < 0.3) await lease.extend(1 + upTo(60)).catch(() => undefined);
    await sleep(clock, upTo(20_000));
  };
  const fleet = new Fleet(handler, {
    fifo,
    workers: 1 + upTo(3),
    visibilityTimeoutSeconds: 4 + upTo(30),
    waitTimeSeconds: upTo(20),
    concurrency: 1 + upTo(10),
    delays: () => ({ there: late(), back: late() }),
  });
  for (const n of LATE_NUMBERS) await fleet.send([n], fifo ? { groupId: `g${n % 3}` } : {});
  fleet.start();
  await fleet.advance(2 * 3_600_000, () => fleet.isEmpty);
  // A late removal is reported with its answer.
  await fleet.advance(100_000);
  return fleet;
}
