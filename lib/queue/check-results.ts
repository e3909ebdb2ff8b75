import { QueueError } from './queue-error.js';
import type { EntryResult } from './queue.js';

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
