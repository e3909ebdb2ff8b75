/**
 * Lists the exit codes: success, a reported failure, a usage error, and a queue without a message.
 */
export const EXIT = { ok: 0, failed: 1, usage: 2, empty: 3 } as const;

/** Sets the exit code with which the process ends after printing. */
export function endWith(code: (typeof EXIT)[keyof typeof EXIT]): void {
  process.exitCode = code;
}

/** Ends a command with a negative result. The message is the report. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}
