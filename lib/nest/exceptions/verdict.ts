import type { Classify, Verdict } from '../../consume/delivery.js';
import { HandlersFailedError } from '../../consume/stages.js';

/** Marks our exceptions, also those of a second copy of this package, for which `instanceof` fails. */
export const VERDICT = Symbol.for('nestjs-sqs-thrift.verdict');

/** What an exception of ours asks for; undefined for anything else. Reads nothing but the mark: what was thrown may be hostile. */
function verdictOf(error: unknown): Verdict | undefined {
  try {
    return (error as { [VERDICT]?: Verdict } | null | undefined)?.[VERDICT];
  } catch {
    return undefined;
  }
}

/**
 * The verdict on everything that failed for one message: our exceptions first, then the application's own classification. With
 * several failures one retry outweighs any rejection, since the handlers that asked for nothing must get another try.
 */
export function classifyWith(custom: Classify | undefined): Classify {
  const one = (error: unknown): Verdict | undefined => verdictOf(error) ?? custom?.(error);
  return (error) => {
    if (!(error instanceof HandlersFailedError)) return one(error);
    const verdicts = error.errors.map(one);
    if (verdicts.every((verdict) => verdict?.type === 'reject')) return verdicts[0];
    const delays = verdicts.flatMap((verdict) => (verdict?.type === 'retry' ? [verdict.delaySeconds ?? 0] : []));
    const longest = Math.max(0, ...delays);
    return longest > 0 ? { type: 'retry', delaySeconds: longest } : undefined;
  };
}
