/**
 * Exit codes of commands: success, a failure that was reported, a wrong use of the command, or a
 * queue that had no message for it.
 */
export const EXIT = { ok: 0, failed: 1, usage: 2, empty: 3 } as const;

/** Lets the process end with this code once all is printed. */
export function endWith(code: (typeof EXIT)[keyof typeof EXIT]): void {
  process.exitCode = code;
}

/** A check of a command came out negative; the message is the report. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}
