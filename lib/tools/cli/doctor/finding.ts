/** How a check came out: `fail` will not work, `warn` works until something happens. */
export type CheckStatus = 'ok' | 'warn' | 'fail';

/** What one check found. */
export interface Finding {
  /** What was looked at, for people and for programs: `redrive`, `visibility`. */
  readonly check: string;
  readonly status: CheckStatus;
  readonly text: string;
  /** What to do; of everything that is not `ok`. */
  readonly fix?: string;
}

export function ok(check: string, text: string): Finding {
  return { check, status: 'ok', text };
}

export function warn(check: string, text: string, fix: string): Finding {
  return { check, status: 'warn', text, fix };
}

export function fail(check: string, text: string, fix: string): Finding {
  return { check, status: 'fail', text, fix };
}
