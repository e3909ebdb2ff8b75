import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Queue } from '#lib/queue/queue.js';
import type { StartedCarrier } from './run-contract.js';

/** Checks rules of SQS beyond the contract, which every stand-in for SQS keeps. */
export function sqsRules(name: string, start: () => StartedCarrier | Promise<StartedCarrier>): void {
  describe(`${name} keeps rules of SQS beyond the contract`, () => {
    let carrier: StartedCarrier;
    let queue: Queue;
    beforeAll(async () => {
      carrier = await start();
      queue = (await carrier.open({})).receiver as Queue;
    });
    afterAll(async () => {
      await queue.close();
      await carrier.stop?.();
    });

    it('refuses a wrong number of messages with the error codes of SQS', async () => {
      const tooMany = Array.from({ length: queue.limits.batchEntries + 1 }, (_, at) => ({ body: `message ${at}` }));
      await expect(queue.send([])).rejects.toMatchObject({ code: 'EmptyBatchRequest' });
      await expect(queue.send(tooMany)).rejects.toMatchObject({ code: 'TooManyEntriesInBatchRequest' });
    });

    it('hands out as many of its messages as a receive asks for', async () => {
      await queue.send(Array.from({ length: 5 }, (_, at) => ({ body: `message ${at}` })));
      for (const count of [3, 2, 0]) {
        expect(await queue.receive({ max: 3, waitSeconds: 0, visibilityTimeoutSeconds: 30 })).toHaveLength(count);
      }
    });
  });
}
