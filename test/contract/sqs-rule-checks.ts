import assert from 'node:assert/strict';
import type { Queue } from '#lib/queue/queue.js';
import type { CarrierUnderTest } from '#lib/testing.js';

/** A rule of SQS beyond the contract, with its check on a queue of its own. */
export interface RuleCheck {
  readonly title: string;
  readonly run: (carrier: CarrierUnderTest) => Promise<void>;
}

/** Rules beyond the contract, which SQS and every stand-in for SQS keep. */
export const SQS_RULES: readonly RuleCheck[] = [
  rule('refuses a wrong number of messages with the error codes of SQS', async (queue) => {
    await assert.rejects(queue.send([]), { code: 'EmptyBatchRequest' });
    const tooMany = numbered(queue.limits.batchEntries + 1);
    await assert.rejects(queue.send(tooMany), { code: 'TooManyEntriesInBatchRequest' });
  }),
  rule('hands out as many of its messages as a receive asks for', async (queue) => {
    await queue.send(numbered(5));
    const counts: number[] = [];
    for (let receive = 0; receive < 3; receive += 1) {
      const received = await queue.receive({ max: 3, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
      counts.push(received.length);
    }
    assert.deepEqual(counts, [3, 2, 0]);
  }),
];

function rule(title: string, check: (queue: Queue) => Promise<void>): RuleCheck {
  return {
    title,
    run: async (carrier) => {
      const queue = (await carrier.open({})).receiver as Queue;
      await check(queue).finally(() => queue.close());
    },
  };
}

function numbered(count: number): { readonly body: string }[] {
  return Array.from({ length: count }, (_, at) => ({ body: `message ${at}` }));
}
