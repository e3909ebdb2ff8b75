import type { MessageRecord } from '../records.js';
import type { Run } from '../simulation.js';
import { callNames, excuse, mainMessages, processOf } from './facts.js';
import type { Invariant } from './violation.js';

/** Checks that no message is dead-lettered without having run, unless faults used up its receives. */
export const deadLetters: Invariant = (run) =>
  mainMessages(run)
    .filter((message) => message.left?.how === 'moved' && !message.undecodable && !hasRun(run, message))
    .filter((message) => !isTwin(run, message) && !message.deliveries.some((delivery) => isExcused(run, delivery)))
    .map((message) => {
      const { id, deliveries, left } = message;
      const releases = deliveries.map(
        ({ process, releases: [release] }) => `${process} (${release?.cause ?? 'no release'})`,
      );
      return {
        rule: 'nothing is dead-lettered unhandled',
        text: `${id} is dead-lettered and has never run; it was received by ${releases.join(', ')}`,
        at: left!.at,
        about: [id, ...callNames(message.calls), ...new Set(deliveries.map(({ process }) => process))],
      };
    });

/** True if another message with the same calls was delivered before. Its claims in the store keep this one from running. */
function isTwin(run: Run, message: MessageRecord): boolean {
  const readAt = message.deliveries[0]?.readAt ?? -Infinity;
  const twins = mainMessages(run).filter(({ deliveries }) => (deliveries[0]?.readAt ?? Infinity) < readAt);
  return run.plan.idempotency && message.calls.every((call) => twins.some(({ calls }) => calls.includes(call)));
}

function hasRun(run: Run, { calls }: MessageRecord): boolean {
  return calls.every((call) => run.journal.runs.some((each) => each.call === call));
}

function isExcused(run: Run, delivery: MessageRecord['deliveries'][number]): boolean {
  const process = processOf(run, delivery.process);
  const storeFailed = run.plan.idempotency && (process?.storeFaults ?? 0) > 0;
  // A delivery that the queue made by mistake uses up a receive as well.
  return storeFailed || delivery.anomaly || excuse(run, delivery) !== undefined;
}
