import type { EntryResult } from './queue.js';

/** Result of a release whose delay the queue did not take, so that its own visibility timeout holds. */
const DELAY_IGNORED: EntryResult & { readonly delayIgnored: true } = Object.freeze({ ok: true, delayIgnored: true });

/** Returns the result of a release whose delay the queue did not take. */
export function delayIgnored(): EntryResult {
  return DELAY_IGNORED;
}

/** True if a message comes back after the delay of its release. */
export function obeysDelay(result: EntryResult): boolean {
  return !('delayIgnored' in result);
}
