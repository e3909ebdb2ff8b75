import type { CarrierUnderTest } from '#lib/testing.js';

/** A check of the contract, or of a rule beyond the contract. */
export interface Check {
  readonly group: string;
  readonly title: string;
  /** Reason why the check is known to fail. */
  readonly deviation?: string;
  /** Reason why the check makes no sense for the service. */
  readonly skipped?: string | undefined;
  readonly run: (carrier: CarrierUnderTest) => Promise<void>;
}

/** Counts checks by their results. */
export interface Totals {
  passed: number;
  failed: number;
  deviating: number;
  skipped: number;
}

/** Bounds the checks that run at once. A check spends most of its time waiting. */
const AT_ONCE = 8;

/** Runs checks, and prints a line for each when it has ended. Begins no check once the signal has aborted. */
export async function runChecks(
  checks: readonly Check[],
  carrier: CarrierUnderTest,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<Totals> {
  const totals: Totals = { passed: 0, failed: 0, deviating: 0, skipped: 0 };
  const waiting = [...checks];
  const lane = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined && !signal.aborted; check = waiting.shift()) {
      const [result, line] = await resultOf(check, carrier);
      if (signal.aborted) return;
      totals[result] += 1;
      print(line);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return totals;
}

async function resultOf(check: Check, carrier: CarrierUnderTest): Promise<[result: keyof Totals, line: string]> {
  const { group, title, deviation, skipped } = check;
  const name = `${group}: ${title}`;
  if (skipped !== undefined) return ['skipped', `  skipped   ${name} (${skipped})`];
  const failure = await check.run(carrier).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (deviation === undefined) {
    if (failure === undefined) return ['passed', `  passed    ${name}`];
    return ['failed', `  FAILED    ${name}\n            ${failure.replaceAll('\n', '\n            ')}`];
  }
  if (failure !== undefined) return ['deviating', `  deviates  ${name} (${deviation})`];
  return ['failed', `  FAILED    ${name}\n            It passes, so this is no deviation any more: ${deviation}`];
}
