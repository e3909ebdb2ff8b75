import { messageOf } from '../../diagnostics/error-text.js';
import { MalformedEventError } from '../../event/event-error.js';
import type { FailedCall, RejectReason, Settlement } from '../../queue/settlement.js';
import { type ErrorClassifier, type Delivery, type DeliveryHandler, WorkerStoppedError } from '../delivery.js';
import { type Attempt, retry, type RetryPolicy } from '../retry-policy.js';
import { CallsFailedError, HandlersFailedError } from '../handler-errors.js';
import { EventInProgressError, IdempotencyStoreError } from './idempotency.js';

/** A message that is sent can wait so long (Amazon SQS API reference, SendMessage). */
const MAX_DELAY_SECONDS = 900;

/** What a failure comes to. */
type FailureDecision =
  | { readonly type: 'reject'; readonly reason: RejectReason; readonly detail: string }
  /** `seconds`: as the retry policy says where nothing is asked. `counts`: whether the message may be given up for having failed so often. */
  | { readonly type: 'retry'; readonly seconds?: number; readonly counts: boolean };

/** Turns whatever was thrown into a settlement. Beyond this middleware nothing throws. */
export function mapErrors(
  classifyError: ErrorClassifier,
  policy: RetryPolicy,
  attempt: (delivery: Delivery) => Attempt,
): (next: DeliveryHandler) => DeliveryHandler {
  return (next) => async (delivery) => {
    try {
      return await next(delivery);
    } catch (error) {
      const { fault } = delivery.message;
      const decide = (failure: unknown): FailureDecision =>
        decideFailure(failure, fault !== undefined && failure === fault, classifyError);
      return toSettlement(error, decide, policy, attempt(delivery));
    }
  };
}

function toSettlement(
  error: unknown,
  decideOne: (failure: unknown) => FailureDecision,
  policy: RetryPolicy,
  attempt: Attempt,
): Settlement {
  // The worker gave it up for its own sake; another one may start at once.
  if (failuresOf(error).some((failure) => failure instanceof WorkerStoppedError)) return retry(0, attempt, error);
  const decide = (thrown: unknown): FailureDecision[] => failuresOf(thrown).map(decideOne);
  if (!(error instanceof CallsFailedError && error.canBeSplit)) return ofWhole(decide(error), error, policy, attempt);
  const decided = [...error.failures].map(([at, thrown]) => ({ at, decisions: decide(thrown) }));
  const otherwise = ofWhole(
    decided.flatMap(({ decisions }) => decisions),
    error,
    policy,
    attempt,
  );
  const cause = decided.length === 1 ? error.failures.get(decided[0]!.at) : error;
  return { type: 'split', failed: decided.map((call) => toPart(call, policy, attempt)), otherwise, error: cause };
}

/** What becomes of a message as a whole. */
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
  // One stands for all where nothing failed, so that it can be told from a failure.
  const failures = failuresOf(error);
  const cause = failures.every((failure) => failure instanceof EventInProgressError) ? failures[0] : error;
  return retry(decision.seconds, attempt, cause);
}

/** A failed call waits as it asks; one that asks to be rejected comes back by itself once more, for the poison policy. */
function toPart(
  { at, decisions }: { readonly at: number; readonly decisions: readonly FailureDecision[] },
  { delay }: RetryPolicy,
  attempt: Attempt,
): FailedCall {
  const decision = together(decisions, delay({ ...attempt, receiveCount: 1 }));
  const seconds = decision.type === 'retry' ? decision.seconds : 0;
  return { at, delaySeconds: Math.max(0, Math.min(Math.round(seconds), MAX_DELAY_SECONDS)) };
}

/** What was thrown one by one: each is looked at by itself, whatever failed beside it. */
function failuresOf(error: unknown): readonly unknown[] {
  return error instanceof HandlersFailedError ? (error.errors as unknown[]) : [error];
}

/**
 * The longest wait counts. One retry outweighs any rejection: what asks for nothing must get another try, and what another delivery is
 * at must not lose its message to a failure beside it.
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

/** `ofCarrier`: the carrier could not get the content, which is no failure of a handler. */
function decideFailure(failure: unknown, ofCarrier: boolean, classifyError: ErrorClassifier): FailureDecision {
  if (failure instanceof MalformedEventError) return { type: 'reject', reason: failure.reason, detail: failure.detail };
  // These are no failures of this message, so they are none that count: nobody's outage may cost a message.
  if (failure instanceof EventInProgressError) return { type: 'retry', seconds: failure.leftSeconds, counts: false };
  if (ofCarrier || failure instanceof IdempotencyStoreError) return { type: 'retry', counts: false };
  return decideByClassifier(failure, classifyError);
}

function decideByClassifier(failure: unknown, classifyError: ErrorClassifier): FailureDecision {
  try {
    const decision = classifyError(failure);
    // Types do not hold what an application hands over: an answer of HTTP is a detail as well.
    if (decision?.type === 'reject') {
      return { type: 'reject', reason: 'handler-rejected', detail: messageOf(decision.detail) };
    }
    const asked = Number(decision?.delaySeconds ?? NaN);
    return { type: 'retry', counts: true, ...(!Number.isNaN(asked) && { seconds: asked }) };
  } catch {
    // A classification that fails itself leaves the message to the retry policy.
    return { type: 'retry', counts: true };
  }
}
