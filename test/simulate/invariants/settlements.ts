import { DEAD_LETTER_ATTRIBUTE } from '#lib/queue/dead-letter-note.js';
import type { DeliveryRecord, MessageRecord } from '../records.js';
import type { Run } from '../simulation.js';
import { callNames, deadMessages, mainMessages, successes, workerOptions } from './facts.js';
import type { Invariant, Violation } from './violation.js';

/** Checks that messages leave the queue only after success, or after a failure of their own. */
export const settlements: Invariant = (run) => [...acknowledged(run), ...discarded(run), ...undecodable(run)];

function acknowledged(run: Run): Violation[] {
  return mainMessages(run).flatMap((message) => {
    const { left } = message;
    if (left?.how !== 'acknowledge' || !left.delivery) return [];
    const open = message.calls.filter((call) => !isDone(run, message, left.delivery!, call, left.at));
    if (open.length === 0) return [];
    return violation('nothing is acknowledged without success', message, open, left.at, 'is acknowledged before its');
  });
}

/** True if a call had succeeded, or was sent again, before its message was acknowledged. */
function isDone(run: Run, message: MessageRecord, delivery: DeliveryRecord, call: number, at: number): boolean {
  const ended = delivery.runs.some(
    ({ call: n, outcome, endedAt = at }) => n === call && outcome === 'ok' && endedAt <= at,
  );
  if (ended) return true;
  const resent = mainMessages(run).some(
    ({ original, calls, storedAt }) => original?.id === message.id && calls.includes(call) && storedAt <= at,
  );
  return resent || (run.plan.idempotency && (successes(run).get(call)?.endedAt ?? Infinity) <= at);
}

function discarded(run: Run): Violation[] {
  return mainMessages(run).flatMap((message) => {
    const { left, undecodable: isBad } = message;
    if (left?.how !== 'discard' || !left.delivery) return [];
    const { runs, process } = left.delivery;
    const failed = runs.some(({ outcome, abortedAt }) => outcome !== 'ok' || abortedAt !== undefined);
    if (!isBad && !failed) {
      return violation(
        'nothing is rejected without a failure',
        message,
        message.calls,
        left.at,
        'is rejected, but not its',
      );
    }
    if (workerOptions(run, process).poisonPolicy === 'drop') return [];
    const copy = deadMessages(run).find(({ original, storedAt }) => original?.id === message.id && storedAt <= left.at);
    if (copy && DEAD_LETTER_ATTRIBUTE in copy.attributes) return [];
    return violation(
      'a dead letter has a reason',
      message,
      message.calls,
      left.at,
      'has no copy with a reason for its',
    );
  });
}

/** Time in seconds for which an undecodable message may hide although the queue would move it. */
const MAX_HIDDEN_SECONDS = 5;

function undecodable(run: Run): Violation[] {
  const { maxReceiveCount } = run.plan.queue;
  if (maxReceiveCount === undefined) return [];
  return mainMessages(run).flatMap((message) => {
    if (!message.undecodable) return [];
    const releases = message.deliveries
      .filter(({ process }) => workerOptions(run, process).poisonPolicy === 'redrive')
      .flatMap((delivery) => delivery.releases);
    const seconds = releases.reduce((sum, release) => sum + release.seconds, 0);
    if (seconds <= MAX_HIDDEN_SECONDS) return [];
    const text = `${message.id} can never be decoded, and is hidden for ${seconds} s before the queue moves it`;
    const at = releases.at(-1)!.at;
    return [{ rule: 'an undecodable message uses up its receives', text, at, about: [message.id] }];
  });
}

function violation(
  rule: string,
  message: MessageRecord,
  calls: readonly number[],
  at: number,
  what: string,
): Violation[] {
  const process = message.left?.delivery?.process;
  const text = `${message.id} ${what} calls ${calls.join(', ')}`;
  return [{ rule, text, at, about: [message.id, ...callNames(calls), ...(process === undefined ? [] : [process])] }];
}
