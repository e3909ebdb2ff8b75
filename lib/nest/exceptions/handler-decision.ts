import type { ErrorClassifier, HandlerDecision } from '../../consume/delivery.js';

/** Marks our exceptions, also those of a second copy of this package, for which `instanceof` fails. */
export const DECISION = Symbol.for('nestjs-sqs-thrift.decision');

/** What an exception of ours asks for; undefined for anything else. Reads nothing but the mark: what was thrown may be hostile. */
function decisionOf(error: unknown): HandlerDecision | undefined {
  try {
    return (error as { [DECISION]?: HandlerDecision } | null | undefined)?.[DECISION];
  } catch {
    return undefined;
  }
}

/** Our exceptions first, then the application's own classification. */
export function classifyWith(custom: ErrorClassifier | undefined): ErrorClassifier {
  return (error) => decisionOf(error) ?? custom?.(error);
}
