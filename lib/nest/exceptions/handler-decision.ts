import type { Classify, Verdict } from '../../consume/delivery.js';

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

/** Our exceptions first, then the application's own classification. */
export function classifyWith(custom: Classify | undefined): Classify {
  return (error) => verdictOf(error) ?? custom?.(error);
}
