import type { Ended } from './harness.js';

/** Describes the output of `doctor --json`. */
export interface Report {
  readonly queue: string;
  readonly counts: Readonly<Record<'ok' | 'warn' | 'fail', number>>;
  readonly findings: readonly { readonly check: string; readonly status: string; readonly text: string }[];
}

export const reportOf = ({ stdout }: Ended): Report => JSON.parse(stdout) as Report;
/** Lists the findings that are not ok, as `check status`. */
export const wrongIn = (ended: Ended): readonly string[] =>
  reportOf(ended)
    .findings.filter(({ status }) => status !== 'ok')
    .map(({ check, status }) => `${check} ${status}`);
