import { messageOf } from '../diagnostics/error-text.js';
import { MalformedEventError } from '../event/event-error.js';
import type { FailedCall, RejectReason, Settlement } from '../queue/settlement.js';
import type { Clock } from '../queue/clock.js';
import type { MessageReceiver } from '../queue/queue.js';
import {
  attemptOf,
  type Delivery,
  type ErrorClassifier,
  InvocationEndedError,
  WorkerStoppedError,
} from './delivery.js';
import { type Attempt, retry, type RetryPolicy } from './retry-policy.js';
import { CallsFailedError, HandlersFailedError } from './handler-errors.js';
import { EventInProgressError, IdempotencyStoreError } from './middleware/idempotency.js';

/** Longest delay of a sent message, in seconds (Amazon SQS API reference, SendMessage). */
const MAX_DELAY_SECONDS = 900;

/** Decision about one failure. */
type FailureDecision =
  | { readonly type: 'reject'; readonly reason: RejectReason; readonly detail: string }
  /**
   * `seconds`: the requested delay; the retry policy decides without one. `counts`: true if the
   * failure counts towards `maxReceives`.
   */
  | { readonly type: 'retry'; readonly seconds?: number; readonly counts: boolean };

export interface MapErrorParts {
  readonly classifyError: ErrorClassifier;
  readonly retry: RetryPolicy;
  readonly queue: MessageReceiver;
  readonly clock: Clock;
}

/** Turns an error of the handlers, or of the middleware around them, into a settlement. */
export function mapError(error: unknown, delivery: Delivery, parts: MapErrorParts): Settlement {
  const { classifyError, retry: policy, queue, clock } = parts;
  const { fault } = delivery.message;
  const decide = (failure: unknown): FailureDecision =>
    failure instanceof InvocationEndedError
      ? // A handler that always outlasts its function would else never be rejected. What has not started does not count.
        { type: 'retry', counts: delivery.calls.length > 0 }
      : decideFailure(failure, fault !== undefined && failure === fault, classifyError);
  return toSettlement(error, decide, policy, attemptOf(delivery, queue, clock));
}

function toSettlement(
  error: unknown,
  decideOne: (failure: unknown) => FailureDecision,
  policy: RetryPolicy,
  attempt: Attempt,
): Settlement {
  // The worker stopped. Another worker may start the message at once.
  if (failuresOf(error).some((failure) => failure instanceof WorkerStoppedError)) return retry(0, attempt, error);
  const decide = (thrown: unknown): FailureDecision[] => failuresOf(thrown).map(decideOne);
  // Calls that the end of an invocation cut off may still run, or have not begun. The body comes back as a whole.
  const isCut = failuresOf(error).some((failure) => failure instanceof InvocationEndedError);
  if (isCut || !(error instanceof CallsFailedError && error.canBeSplit))
    return ofWhole(decide(error), error, policy, attempt);
  const decided = [...error.failures].map(([at, thrown]) => ({ at, decisions: decide(thrown) }));
  const otherwise = ofWhole(
    decided.flatMap(({ decisions }) => decisions),
    error,
    policy,
    attempt,
  );
  const cause = decided.length === 1 ? error.failures.get(decided[0]!.at) : error;
  const failed = decided.map((call) => ({
    ...toPart(call, policy, attempt),
    ...(call.at === error.unreadable && { andRest: true }),
  }));
  return { type: 'split', failed, otherwise, error: cause };
}

/** Decides about a message as a whole. */
function ofWhole(
  decisions: readonly FailureDecision[],
  error: unknown,
  { delay, maxReceives }: RetryPolicy,
  attempt: Attempt,
): Settlement & { readonly type: 'retry' | 'reject' } {
  const decision = together(decisions, delay(attempt));
  if (decision.type === 'reject') return { ...decision, error };
  if (decision.counts && attempt.receiveCount >= maxReceives) {
    return { type: 'reject', reason: 'too-many-receives', detail: messageOf(error), error };
  }
  // If no handler failed, the first error shows that an event is only in progress elsewhere.
  const failures = failuresOf(error);
  const cause = failures.every((failure) => failure instanceof EventInProgressError) ? failures[0] : error;
  return retry(decision.seconds, attempt, cause);
}

/**
 * Decides about one failed call of a body. A call to be rejected comes back alone once more, and the
 * poison policy then decides about its message.
 */
function toPart(
  { at, decisions }: { readonly at: number; readonly decisions: readonly FailureDecision[] },
  { delay }: RetryPolicy,
  attempt: Attempt,
): FailedCall {
  const decision = together(decisions, delay({ ...attempt, receiveCount: 1 }));
  const seconds = decision.type === 'retry' ? decision.seconds : 0;
  return { at, delaySeconds: Math.max(0, Math.min(Math.round(seconds), MAX_DELAY_SECONDS)) };
}

/** Lists the single failures behind an error. */
function failuresOf(error: unknown): readonly unknown[] {
  return error instanceof HandlersFailedError ? (error.errors as unknown[]) : [error];
}

/**
 * Combines the decisions about one message. The longest delay wins. One retry outweighs any
 * rejection, since a rejection would end calls that must run again.
 */
function together(
  decisions: readonly FailureDecision[],
  delaySeconds: number,
): (FailureDecision & { readonly type: 'reject' }) | { type: 'retry'; seconds: number; counts: boolean } {
  const retries = decisions.filter((decision) => decision.type === 'retry');
  const [first] = decisions;
  if (retries.length === 0 && first?.type === 'reject') return first;
  return {
    type: 'retry',
    seconds: Math.max(...retries.map(({ seconds = delaySeconds }) => seconds)),
    counts: retries.every(({ counts }) => counts),
  };
}

/** Decides about one failure. `ofCarrier`: the carrier could not fetch the body. */
function decideFailure(failure: unknown, ofCarrier: boolean, classifyError: ErrorClassifier): FailureDecision {
  if (failure instanceof MalformedEventError) return { type: 'reject', reason: failure.reason, detail: failure.detail };
  // An outage of a store or carrier is not a failure of the message, so it does not count.
  if (failure instanceof EventInProgressError) return { type: 'retry', seconds: failure.leftSeconds, counts: false };
  if (ofCarrier || failure instanceof IdempotencyStoreError) return { type: 'retry', counts: false };
  return decideByClassifier(failure, classifyError);
}

function decideByClassifier(failure: unknown, classifyError: ErrorClassifier): FailureDecision {
  try {
    const decision = classifyError(failure);
    // The application may pass a detail of another type, such as an HTTP response.
    if (decision?.type === 'reject') {
      return { type: 'reject', reason: 'handler-rejected', detail: messageOf(decision.detail) };
    }
    const asked = Number(decision?.delaySeconds ?? NaN);
    return { type: 'retry', counts: true, ...(!Number.isNaN(asked) && { seconds: asked }) };
  } catch {
    // If the classifier itself fails, the retry policy decides.
    return { type: 'retry', counts: true };
  }
}
