import { messageOf } from '../diagnostics/error-text.js';
import { MalformedEventError } from '../event/event-error.js';
import type { FailedCall, RejectReason, Settlement } from '../queue/settlement.js';
import type { Classify, Delivery, Handle } from './delivery.js';
import { WorkerStoppedError } from './lease.js';
import { retry, type Attempt, type RetryDelay, type RetryPolicy } from './retry-policy.js';
import { EventInProgressError } from './run-once.js';
import { CallsFailedError, HandlersFailedError } from './stages.js';

/** A message that is sent can wait so long (Amazon SQS API reference, SendMessage). */
const MAX_DELAY_SECONDS = 900;

/** What a failure comes to, or several of one call or body. */
type Judgement =
  | { readonly type: 'reject'; readonly reason: RejectReason; readonly detail: string }
  /** `counts`: whether the message may be given up for having failed so often. */
  | { readonly type: 'retry'; readonly seconds: number; readonly counts: boolean };

/** Turns whatever was thrown into a settlement. Beyond this stage nothing throws. */
export function settleErrors(
  classify: Classify,
  policy: RetryPolicy,
  attempt: (delivery: Delivery) => Attempt,
): (next: Handle) => Handle {
  return (next) => async (delivery) => {
    try {
      return await next(delivery);
    } catch (error) {
      return toSettlement(error, classify, policy, attempt(delivery));
    }
  };
}

function toSettlement(error: unknown, classify: Classify, policy: RetryPolicy, attempt: Attempt): Settlement {
  const { delay, maxReceives } = policy;
  const failures = failuresOf(error);
  // The worker gave it up for its own sake; another one may start at once.
  if (failures.some((failure) => failure instanceof WorkerStoppedError)) return retry(0, attempt, error);
  if (error instanceof CallsFailedError && error.canBeSplit) return toSplit(error, classify, delay, attempt);
  const judgement = judge(failures, classify, delay(attempt));
  if (judgement.type === 'reject') return { ...judgement, error };
  if (judgement.counts && attempt.receiveCount >= maxReceives) {
    return { type: 'reject', reason: 'too-many-receives', detail: messageOf(error), error };
  }
  // One stands for all where nothing failed, so that it can be told from a failure.
  const cause = failures.every((failure) => failure instanceof EventInProgressError) ? failures[0] : error;
  return retry(judgement.seconds, attempt, cause);
}

/**
 * Each failed call waits as it asks; one that asks to be rejected comes back by itself once more, for the poison policy. Where the queue
 * does not take them, all of the body comes back.
 */
function toSplit(error: CallsFailedError, classify: Classify, delay: RetryDelay, attempt: Attempt): Settlement {
  const failed = [...error.failures].map(([at, reason]): FailedCall => {
    const judgement = judge(failuresOf(reason), classify, delay({ ...attempt, receiveCount: 1 }));
    const seconds = judgement.type === 'retry' ? judgement.seconds : 0;
    return { at, delaySeconds: Math.max(0, Math.min(Math.round(seconds), MAX_DELAY_SECONDS)) };
  });
  const cause = failed.length === 1 ? error.failures.get(failed[0]!.at) : error;
  return { ...retry(delay(attempt), attempt, cause), type: 'split', failed };
}

/** What was thrown one by one: each is looked at by itself, whatever failed beside it. */
function failuresOf(error: unknown): readonly unknown[] {
  return error instanceof HandlersFailedError ? (error.errors as unknown[]) : [error];
}

/**
 * The longest wait counts. One retry outweighs any rejection: what asks for nothing must get another try, and what another delivery is
 * at must not lose its message to a failure beside it.
 */
function judge(failures: readonly unknown[], classify: Classify, delaySeconds: number): Judgement {
  return failures
    .map((failure) => judgeOne(failure, classify, delaySeconds))
    .reduce((all, one) => {
      if (one.type === 'reject') return all;
      if (all.type === 'reject') return one;
      return { type: 'retry', seconds: Math.max(all.seconds, one.seconds), counts: all.counts && one.counts };
    });
}

function judgeOne(failure: unknown, classify: Classify, delaySeconds: number): Judgement {
  if (failure instanceof MalformedEventError) return { type: 'reject', reason: failure.reason, detail: failure.detail };
  // Not a failure of this message, so it is none that counts.
  if (failure instanceof EventInProgressError) return { type: 'retry', seconds: failure.leftSeconds, counts: false };
  const policy: Judgement = { type: 'retry', seconds: delaySeconds, counts: true };
  try {
    const verdict = classify(failure);
    // Types do not hold what an application hands over: an answer of HTTP is a detail as well.
    if (verdict?.type === 'reject') {
      return { type: 'reject', reason: 'handler-rejected', detail: messageOf(verdict.detail) };
    }
    const asked = Number(verdict?.delaySeconds ?? NaN);
    return Number.isNaN(asked) ? policy : { ...policy, seconds: asked };
  } catch {
    // A classification that fails itself leaves the message to the retry policy.
    return policy;
  }
}
