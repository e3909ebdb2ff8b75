import { messageOf } from '../../diagnostics/error-text.js';
import { MalformedEventError } from '../../event/event-error.js';
import type { FailedCall, RejectReason, Settlement } from '../../queue/settlement.js';
import { type Classify, type Delivery, type Handle, WorkerStoppedError } from '../delivery.js';
import { type Attempt, retry, type RetryPolicy } from '../retry-policy.js';
import { CallsFailedError, HandlersFailedError } from '../stages.js';
import { EventInProgressError, IdempotencyStoreError } from './idempotency.js';

/** A message that is sent can wait so long (Amazon SQS API reference, SendMessage). */
const MAX_DELAY_SECONDS = 900;

/** What a failure comes to. */
type Judgement =
  | { readonly type: 'reject'; readonly reason: RejectReason; readonly detail: string }
  /** `seconds`: as the retry policy says where nothing is asked. `counts`: whether the message may be given up for having failed so often. */
  | { readonly type: 'retry'; readonly seconds?: number; readonly counts: boolean };

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
      const { fault } = delivery.message;
      const judge = (failure: unknown): Judgement =>
        judgeOne(failure, fault !== undefined && failure === fault, classify);
      return toSettlement(error, judge, policy, attempt(delivery));
    }
  };
}

function toSettlement(
  error: unknown,
  judgeOf: (failure: unknown) => Judgement,
  policy: RetryPolicy,
  attempt: Attempt,
): Settlement {
  // The worker gave it up for its own sake; another one may start at once.
  if (failuresOf(error).some((failure) => failure instanceof WorkerStoppedError)) return retry(0, attempt, error);
  const judge = (thrown: unknown): Judgement[] => failuresOf(thrown).map(judgeOf);
  if (!(error instanceof CallsFailedError && error.canBeSplit)) return ofWhole(judge(error), error, policy, attempt);
  const judged = [...error.failures].map(([at, thrown]) => ({ at, judgements: judge(thrown) }));
  const otherwise = ofWhole(
    judged.flatMap(({ judgements }) => judgements),
    error,
    policy,
    attempt,
  );
  const cause = judged.length === 1 ? error.failures.get(judged[0]!.at) : error;
  return { type: 'split', failed: judged.map((call) => toPart(call, policy, attempt)), otherwise, error: cause };
}

/** What becomes of a message as a whole. */
function ofWhole(
  judgements: readonly Judgement[],
  error: unknown,
  { delay, maxReceives }: RetryPolicy,
  attempt: Attempt,
): Settlement & { readonly type: 'retry' | 'reject' } {
  const judgement = together(judgements, delay(attempt));
  if (judgement.type === 'reject') return { ...judgement, error };
  if (judgement.counts && attempt.receiveCount >= maxReceives) {
    return { type: 'reject', reason: 'too-many-receives', detail: messageOf(error), error };
  }
  // One stands for all where nothing failed, so that it can be told from a failure.
  const failures = failuresOf(error);
  const cause = failures.every((failure) => failure instanceof EventInProgressError) ? failures[0] : error;
  return retry(judgement.seconds, attempt, cause);
}

/** A failed call waits as it asks; one that asks to be rejected comes back by itself once more, for the poison policy. */
function toPart(
  { at, judgements }: { readonly at: number; readonly judgements: readonly Judgement[] },
  { delay }: RetryPolicy,
  attempt: Attempt,
): FailedCall {
  const judgement = together(judgements, delay({ ...attempt, receiveCount: 1 }));
  const seconds = judgement.type === 'retry' ? judgement.seconds : 0;
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
  judgements: readonly Judgement[],
  delaySeconds: number,
): (Judgement & { readonly type: 'reject' }) | { type: 'retry'; seconds: number; counts: boolean } {
  const retries = judgements.filter((judgement) => judgement.type === 'retry');
  const [first] = judgements;
  if (retries.length === 0 && first?.type === 'reject') return first;
  return {
    type: 'retry',
    seconds: Math.max(...retries.map(({ seconds = delaySeconds }) => seconds)),
    counts: retries.every(({ counts }) => counts),
  };
}

/** `ofCarrier`: the carrier could not get the content, which is no failure of a handler. */
function judgeOne(failure: unknown, ofCarrier: boolean, classify: Classify): Judgement {
  if (failure instanceof MalformedEventError) return { type: 'reject', reason: failure.reason, detail: failure.detail };
  // These are no failures of this message, so they are none that count: nobody's outage may cost a message.
  if (failure instanceof EventInProgressError) return { type: 'retry', seconds: failure.leftSeconds, counts: false };
  if (ofCarrier || failure instanceof IdempotencyStoreError) return { type: 'retry', counts: false };
  try {
    const verdict = classify(failure);
    // Types do not hold what an application hands over: an answer of HTTP is a detail as well.
    if (verdict?.type === 'reject') {
      return { type: 'reject', reason: 'handler-rejected', detail: messageOf(verdict.detail) };
    }
    const asked = Number(verdict?.delaySeconds ?? NaN);
    return { type: 'retry', counts: true, ...(!Number.isNaN(asked) && { seconds: asked }) };
  } catch {
    // A classification that fails itself leaves the message to the retry policy.
    return { type: 'retry', counts: true };
  }
}
