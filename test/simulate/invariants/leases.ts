import type { DeliveryRecord, RunRecord } from '../records.js';
import type { Run } from '../simulation.js';
import { callNames, clock, excuse, mainMessages, processOf, wasHindered, wasPaused } from './facts.js';
import type { Invariant, Violation } from './violation.js';

/** Checks that workers keep their leases, settle in time, and report what may be handled twice. */
export const leases: Invariant = (run) => [...ranOut(run), ...unreported(run), ...lateAcknowledgements(run)];

/** Two deliveries of a message, of which the second began after the lease of the first had ended. */
interface Redelivery {
  readonly first: DeliveryRecord;
  readonly second: DeliveryRecord;
}

function redeliveries(run: Run): Redelivery[] {
  return mainMessages(run).flatMap(({ deliveries }) =>
    deliveries.flatMap((second, at) => {
      const first = deliveries[at - 1];
      if (!first || second.anomaly || isSettledBefore(first, second)) return [];
      return [{ first, second }];
    }),
  );
}

function isSettledBefore(first: DeliveryRecord, second: DeliveryRecord): boolean {
  return first.settledAt !== undefined && first.settledAt <= second.leasedAt;
}

function ranOut(run: Run): Violation[] {
  return redeliveries(run).flatMap(({ first, second }) => {
    if (excuse(run, first) !== undefined) return [];
    const { message, process, readAt = 0, until } = first;
    const text =
      `the lease of ${message.id} ended at ${clock(until)} in the hand of ${process}, which had read it at ` +
      `${clock(readAt)} and could have extended it; ${second.process} got it as well`;
    return [{ rule: 'no lease runs out in hand', text, at: second.leasedAt, about: aboutBoth(first, second) }];
  });
}

function unreported(run: Run): Violation[] {
  return redeliveries(run).flatMap(({ first, second }) => {
    const process = processOf(run, first.process);
    const ran = first.runs.some((each) => second.runs.some(({ call }) => call === each.call && mayRunTwice(each)));
    if (!ran || process === undefined || process.crashedAt !== undefined || first.ignoredAck) return [];
    const reports = reportsAbout(first);
    if (reports.some(({ what }) => what !== 'ack' && what !== 'renew-failed')) return [];
    const text = `${first.message.id} is handled by ${first.process} and again by ${second.process}, and ${first.process} reports nothing`;
    return [{ rule: 'a duplicate is reported', text, at: second.leasedAt, about: aboutBoth(first, second) }];
  });
}

/** Returns the reports of a process about a message. An event names no delivery, so it may belong to any of them. */
function reportsAbout({ message, process }: DeliveryRecord): DeliveryRecord['reports'] {
  return message.deliveries.filter((delivery) => delivery.process === process).flatMap(({ reports }) => reports);
}

/** True for a run that succeeded, or went on when its lease had ended. */
function mayRunTwice({ outcome, endedAt = Infinity, delivery, abortedAt = Infinity }: RunRecord): boolean {
  return outcome === 'ok' || (endedAt > delivery.until && abortedAt > delivery.until);
}

function aboutBoth(first: DeliveryRecord, second: DeliveryRecord): string[] {
  return [first.message.id, ...callNames(first.message.calls), first.process, second.process];
}

/** Time in ms between the success of a handler and the request that acknowledges its message. */
const ACKNOWLEDGE_MS = 1_000;
/** Time in ms for which a hindered request may slow down later requests. */
const SLOWED_MS = 40_000;

function lateAcknowledgements(run: Run): Violation[] {
  return [...run.journal.deliveries.values()].flatMap((delivery) => {
    const doneAt = doneTime(delivery);
    const process = processOf(run, delivery.process);
    if (doneAt === undefined || process === undefined || delivery.message.queue === 'dead') return [];
    const end = doneAt + ACKNOWLEDGE_MS;
    const asked = delivery.acknowledgedAt.find((at) => at >= doneAt);
    if ((asked !== undefined && asked <= end) || mayBeLate(run, delivery, doneAt, end)) return [];
    const when = asked === undefined ? 'never' : `only ${Math.round(asked - doneAt)} ms later`;
    const text = `the calls of ${delivery.message.id} had succeeded at ${clock(doneAt)}, and ${process.name} acknowledged it ${when}`;
    const about = [delivery.message.id, ...callNames(delivery.message.calls), process.name];
    return [{ rule: 'an acknowledgement goes out at once', text, at: end, about }];
  });
}

function mayBeLate(run: Run, delivery: DeliveryRecord, doneAt: number, end: number): boolean {
  const process = processOf(run, delivery.process)!;
  const { crashedAt = run.ms, storeFaults, stoppedAt = run.ms } = process;
  return (
    Math.min(crashedAt, stoppedAt, delivery.until) <= end ||
    wasPaused(process, doneAt, end) ||
    wasHindered(process, ['acknowledge'], doneAt - SLOWED_MS, end) ||
    (run.plan.idempotency && storeFaults > 0) ||
    reportsAbout(delivery).some(({ what, at }) => what === 'lease-lost' && at <= end)
  );
}

/** Returns the time at which the last call of a delivery had succeeded, if all of them succeeded. */
function doneTime({ runs, message }: DeliveryRecord): number | undefined {
  const isDone = message.calls.every((call) => runs.some((each) => each.call === call && each.outcome === 'ok'));
  if (!isDone || runs.length === 0 || runs.some(({ outcome }) => outcome !== 'ok')) return undefined;
  return Math.max(...runs.map(({ endedAt = 0 }) => endedAt));
}
