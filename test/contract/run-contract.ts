import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { type CarrierPromises, type CarrierUnderTest, queueContract } from '#lib/testing/index.js';

/** A carrier that is started once for all checks. */
export interface StartedCarrier extends CarrierUnderTest {
  stop?(): Promise<void>;
}

/** Runs the contract of a queue as tests of Jest. */
export function runContract(
  name: string,
  promises: CarrierPromises,
  start: () => StartedCarrier | Promise<StartedCarrier>,
): void {
  describe(`${name} keeps the contract of a queue`, () => {
    let carrier: StartedCarrier;
    beforeAll(async () => void (carrier = await start()));
    afterAll(() => carrier.stop?.());
    const checks = queueContract(promises);
    for (const group of new Set(checks.map((check) => check.group))) {
      describe(group, () => {
        for (const check of checks.filter((each) => each.group === group)) {
          checkOrDeviation(check.title, check.deviation, () => check.run(carrier));
        }
      });
    }
  });
}

/** Runs a check. A known deviation from it has to fail, so that a repair is noticed. */
export function checkOrDeviation(title: string, deviation: string | undefined, check: () => Promise<void>): void {
  if (deviation === undefined) it(title, check);
  else it.failing(`${title} (deviation: ${deviation})`, check);
}
