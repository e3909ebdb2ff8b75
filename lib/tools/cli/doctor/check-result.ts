/** Rates a check. `fail`: something does not work. `warn`: it works until something happens. */
export type CheckStatus = 'ok' | 'warn' | 'fail';

/** Holds the finding of one check. */
export interface CheckResult {
  /** Names the check for people and programs: `redrive`, `visibility`. */
  readonly check: string;
  readonly status: CheckStatus;
  readonly text: string;
  /** Gives the advice. Absent only if the status is `ok`. */
  readonly fix?: string;
}

export function ok(check: string, text: string): CheckResult {
  return { check, status: 'ok', text };
}

export function warn(check: string, text: string, fix: string): CheckResult {
  return { check, status: 'warn', text, fix };
}

export function fail(check: string, text: string, fix: string): CheckResult {
  return { check, status: 'fail', text, fix };
}
