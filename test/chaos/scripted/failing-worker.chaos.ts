import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { seededRandom, withProbability } from '../../fakes/sqs/fault-schedules.js';
import type { Fault } from '../../fakes/sqs/faults.js';
import { Rig, texts } from '../rig.js';
import { TextWorker } from '../worker.js';

const COUNT = 2_000;
const KINDS: readonly Fault[] = [
  { kind: 'error', error: 'InternalFailure', status: 500 },
  { kind: 'error', error: 'ServiceUnavailable', status: 503 },
  { kind: 'text', text: '<html><h1>502 Bad Gateway</h1></html>', status: 502 },
  { kind: 'truncate', cut: 'json' },
];
/** Lists the operations that a worker requests. */
const ACTIONS = ['ReceiveMessage', 'DeleteMessageBatch', 'ChangeMessageVisibilityBatch'];

let rig: Rig;
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await Rig.start();
});
afterEach(() => rig.stop());

/** Handles so many texts and removes them. Tells how many requests that took. */
async function handleAll(): Promise<{ readonly handled: readonly string[]; readonly requests: number }> {
  const requests = (): number => ACTIONS.reduce((sum, action) => sum + rig.requests(action), 0);
  await rig.emit(rig.client(), texts(COUNT));
  const before = requests();
  // Half an answer to a receive hides what was in it for that long.
  const worker = await TextWorker.start(rig, { concurrency: 50, visibilityTimeoutSeconds: 5 });
  await worker.until(() => rig.fake.messages('texts').length === 0);
  const made = requests() - before;
  await worker.close();
  return { handled: worker.handled, requests: made };
}

describe('a service that fails one request of a worker in five', () => {
  it('F15: loses no message and needs at most half as many requests again', async () => {
    const calm = await handleAll();
    const random = seededRandom(15);
    rig.fake.faults = (request) =>
      ACTIONS.includes(request.action)
        ? withProbability(0.2, random, () => KINDS[Math.floor(random() * KINDS.length)])(request)
        : undefined;
    const { handled, requests } = await handleAll();
    console.log(JSON.stringify({ calm: calm.requests, requests }));
    expect(new Set(handled)).toEqual(new Set(texts(COUNT)));
    expect(requests).toBeGreaterThan(calm.requests * 1.1);
    expect(requests).toBeLessThanOrEqual(calm.requests * 1.5);
  });
});
