import type { ErrorClassifier, HandlerDecision } from '../../consume/delivery.js';

/**
 * Marks this library's exceptions. The mark also identifies exceptions of a second copy of this
 * package, for which `instanceof` fails.
 */
export const DECISION = Symbol.for('nestjs-sqs-thrift:decision');

/**
 * Returns the decision of this library's exceptions, or undefined for anything else. Reads only the
 * mark, since a thrown value may be hostile.
 */
function decisionOf(error: unknown): HandlerDecision | undefined {
  try {
    return (error as { [DECISION]?: HandlerDecision } | null | undefined)?.[DECISION];
  } catch {
    return undefined;
  }
}

/**
 * Creates a classifier that checks this library's exceptions before the application's
 * classification.
 */
export function classifyWith(custom: ErrorClassifier | undefined): ErrorClassifier {
  return (error) => decisionOf(error) ?? custom?.(error);
}
