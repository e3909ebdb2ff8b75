import type { SendResult } from '../../queue/queue.js';
import { failed } from './expectations.js';

/** Results of a send that may still be open. */
export type Sending = Promise<readonly SendResult[]>;

/** Rejects when a send fails or refuses a message, and never resolves. */
export async function refusalOf(sending: Sending): Promise<void> {
  const results = await sending;
  const refused = results.find((result) => !result.ok);
  if (refused !== undefined) {
    throw failed(`the sender to accept a valid message. It answered: ${refused.error.message}`);
  }
  await new Promise<never>(() => undefined);
}

/** Marks a promise as handled. A check that fails earlier leaves it behind. */
export function background<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
