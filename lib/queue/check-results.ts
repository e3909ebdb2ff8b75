import { QueueError } from './queue-error.js';
import type { EntryResult } from './queue.js';
import type { ReceivedMessage } from './wire-message.js';

/**
 * Checks the answer of a verb, since a carrier may have a defect. Returns `undefined` for an entry
 * whose result is missing or malformed.
 *
 * @throws QueueError the answer is not a list
 */
export function checkResults<R extends EntryResult>(answer: readonly R[], queue: string): readonly (R | undefined)[] {
  if (Array.isArray(answer)) return answer.map((result: R) => (isResult(result) ? result : undefined));
  const message = `the answer of ${queue} is not a list of results. Report this defect to the author of the carrier.`;
  throw new QueueError(message, { code: 'MalformedAnswer', kind: 'service', queue });
}

function isResult(result: EntryResult | undefined): boolean {
  return result?.ok === true || (result?.ok === false && (result.error as unknown) instanceof QueueError);
}

/** @throws TypeError a carrier returned an element that is no message */
export function checkReceived(message: ReceivedMessage | null | undefined, queue: string): void {
  if (typeof message?.receipt === 'string') return;
  throw new TypeError(
    `a receive of ${queue} returned an element that is no message. Report this defect to the author of the carrier.`,
  );
}
