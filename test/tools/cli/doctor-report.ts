import type { Ended } from './harness.js';

/** What `doctor --json` prints. */
export interface Report {
  readonly queue: string;
  readonly counts: Readonly<Record<'ok' | 'warn' | 'fail', number>>;
  readonly findings: readonly { readonly check: string; readonly status: string; readonly text: string }[];
}

export const reportOf = ({ stdout }: Ended): Report => JSON.parse(stdout) as Report;
/** What is not well, as `check status`. */
export const wrongIn = (ended: Ended): readonly string[] =>
  reportOf(ended)
    .findings.filter(({ status }) => status !== 'ok')
    .map(({ check, status }) => `${check} ${status}`);
