import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { type CarrierPromises, type CarrierUnderTest, type ContractCheck, queueContract } from '#lib/testing.js';

/** A carrier that is started once for all checks. */
export interface StartedCarrier extends CarrierUnderTest {
  stop?(): Promise<void>;
}

/** Bounds the checks that run at once. */
const AT_ONCE = 8;

/** Runs the contract of a queue as tests of Jest. */
export function runContract(
  name: string,
  promises: CarrierPromises,
  start: () => StartedCarrier | Promise<StartedCarrier>,
): void {
  describe(`${name} keeps the contract of a queue`, () => {
    let carrier: StartedCarrier;
    let begun: ReadonlyMap<ContractCheck, Promise<void>> | undefined;
    beforeAll(async () => {
      carrier = await start();
      // On the machine's clock a check spends most of its time waiting.
      if (carrier.advance === undefined) begun = beginAll(checks, carrier);
    });
    afterAll(() => carrier.stop?.());
    const checks = queueContract(promises);
    for (const group of new Set(checks.map((check) => check.group))) {
      describe(group, () => {
        for (const check of checks.filter((each) => each.group === group)) {
          checkOrDeviation(check.title, check.deviation, () => begun?.get(check) ?? check.run(carrier));
        }
      });
    }
  });
}

/** Begins checks in their order, each on a queue of its own. Returns the results. */
function beginAll(
  checks: readonly ContractCheck[],
  carrier: CarrierUnderTest,
): ReadonlyMap<ContractCheck, Promise<void>> {
  const lanes = Array<Promise<void>>(AT_ONCE).fill(Promise.resolve());
  const results = new Map<ContractCheck, Promise<void>>();
  for (const [at, check] of checks.entries()) {
    const result = lanes[at % AT_ONCE]!.then(() => check.run(carrier));
    results.set(check, result);
    lanes[at % AT_ONCE] = result.catch(() => undefined);
  }
  return results;
}

/** Runs a check. A known deviation from it has to fail, so that a repair is noticed. */
export function checkOrDeviation(title: string, deviation: string | undefined, check: () => Promise<void>): void {
  if (deviation === undefined) it(title, check);
  else it.failing(`${title} (deviation: ${deviation})`, check);
}
