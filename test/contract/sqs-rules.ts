import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { StartedCarrier } from './run-contract.js';
import { SQS_RULES } from './sqs-rule-checks.js';

/** Checks rules of SQS beyond the contract, as tests of Jest. */
export function sqsRules(name: string, start: () => StartedCarrier | Promise<StartedCarrier>): void {
  describe(`${name} keeps rules of SQS beyond the contract`, () => {
    let carrier: StartedCarrier;
    beforeAll(async () => void (carrier = await start()));
    afterAll(() => carrier.stop?.());
    it.each(SQS_RULES.map(({ title, run }) => [title, run] as const))('%s', (_, run) => run(carrier));
  });
}
