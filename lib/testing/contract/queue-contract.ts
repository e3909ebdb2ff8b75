import type { CarrierPromises, CarrierUnderTest } from './carrier-under-test.js';
import { attributeChecks, noAttributeChecks } from './checks/attribute-checks.js';
import { closeChecks, closePollChecks, persistenceChecks } from './checks/close-checks.js';
import { delayChecks, noDelayChecks } from './checks/delay-checks.js';
import { featureChecks, fifoFeatureChecks } from './checks/feature-checks.js';
import { fifoChecks } from './checks/fifo-checks.js';
import { leaseChecks, noLeaseChecks } from './checks/lease-checks.js';
import { abortChecks, longPollChecks, noLongPollChecks } from './checks/long-poll-checks.js';
import { orderChecks } from './checks/order-checks.js';
import { receiveChecks } from './checks/receive-checks.js';
import { redriveChecks } from './checks/redrive-checks.js';
import { fifoResendChecks, resendChecks, resendGroupChecks } from './checks/resend-checks.js';
import { bytesChecks, sendChecks, storedIdChecks, textChecks } from './checks/send-checks.js';
import { handedReleaseChecks, settleChecks, storedReleaseChecks } from './checks/settle-checks.js';
import { type CheckTable, ContractRun } from './contract-run.js';

/**
 * One check of the contract. Works with every test framework.
 *
 * @publicApi
 */
export interface ContractCheck {
  /** Subject of the check, for example `leases`. Checks of a group follow each other. */
  readonly group: string;
  /** A full sentence that no other check has. */
  readonly title: string;
  /**
   * Reason why the carrier is known to fail this check, from {@link CarrierPromises.deviations}.
   * Run such a check so that its failure passes and its success fails, for example with
   * `it.failing` of Jest or `it.fails` of Vitest.
   */
  readonly deviation?: string;
  /**
   * Opens a new queue and checks it. Rejects with an `AssertionError` that says what was expected
   * of the carrier, or with the carrier's own error.
   */
  readonly run: (carrier: CarrierUnderTest) => Promise<void>;
}

/**
 * Returns the checks of the contract of {@link Queue} that follow from what a carrier promises.
 * Give each check 30 seconds: long polls and leases take their time on the machine's clock.
 *
 * @throws Error if a deviation names no check
 * @publicApi
 */
export function queueContract(promises: CarrierPromises): readonly ContractCheck[] {
  const { deviations = {} } = promises;
  const checks = groupsOf(promises).flatMap(([group, table]) =>
    Object.entries(table).map(([title, check]) => ({
      group,
      title,
      ...(Object.hasOwn(deviations, title) && { deviation: deviations[title]! }),
      run: (carrier: CarrierUnderTest) => runCheck(check, new ContractRun(promises, carrier)),
    })),
  );
  const titles = new Set(checks.map(({ title }) => title));
  const unknown = Object.keys(deviations).filter((title) => !titles.has(title));
  if (unknown.length === 0) return checks;
  throw new Error(
    `The contract has no check "${unknown.join('" and no check "')}" for these promises. ` +
      'Correct the title in "deviations", or delete it.',
  );
}

async function runCheck(check: CheckTable[string], run: ContractRun): Promise<void> {
  try {
    await check(run);
  } catch (error) {
    // The failure of the check says more than a failure to close.
    await run.close().catch(() => undefined);
    throw error;
  }
  await run.close();
}

function groupsOf(promises: CarrierPromises): readonly (readonly [group: string, table: CheckTable])[] {
  return [
    ['features', { ...featureChecks, ...(promises.fifo && fifoFeatureChecks) }],
    ['sending', sendingChecks(promises)],
    ['receiving', receivingChecks(promises)],
    ['attributes', promises.features.attributes ? attributeChecks : noAttributeChecks],
    ['delays', promises.features.delay ? delayChecks : noDelayChecks],
    ['settling', { ...settleChecks, ...(stores(promises) ? storedReleaseChecks : handedReleaseChecks) }],
    ['leases', promises.features.leases ? leaseChecks : noLeaseChecks],
    ['sending again', resendingChecks(promises)],
    ['order', orderingChecks(promises)],
    ['redrive', promises.redrive ? redriveChecks : {}],
    ['persistence', promises.reopens ? persistenceChecks : {}],
    ['closing', { ...closeChecks, ...(promises.features.longPolling && closePollChecks) }],
  ];
}

function sendingChecks(promises: CarrierPromises): CheckTable {
  const { body } = promises.features;
  return {
    ...sendChecks,
    ...(stores(promises) && storedIdChecks),
    ...(body === 'text' ? textChecks : bytesChecks),
  };
}

function receivingChecks({ features }: CarrierPromises): CheckTable {
  return {
    ...receiveChecks,
    ...(features.longPolling ? longPollChecks : noLongPollChecks),
    ...(features.longPolling && features.abortableReceive && abortChecks),
  };
}

function resendingChecks({ features, fifo }: CarrierPromises): CheckTable {
  return {
    ...(features.resend && resendChecks),
    ...(features.resend && features.attributes && resendGroupChecks),
    ...(fifo?.resend && fifoResendChecks),
  };
}

function orderingChecks(promises: CarrierPromises): CheckTable {
  const { features, fifo } = promises;
  return { ...((fifo ?? features).ordered && orderChecks), ...(fifo && stores(promises) && fifoChecks) };
}

function stores({ stores: promised = true }: CarrierPromises): boolean {
  return promised;
}
