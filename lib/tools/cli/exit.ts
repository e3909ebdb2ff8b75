/**
 * How a command ended: well, with a failure that it reported, without having started because it was not used right, or with nothing to
 * do because the queue had no message for it.
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
