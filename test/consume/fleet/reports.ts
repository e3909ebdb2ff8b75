import type { Fleet, FleetRun } from './fleet.js';

/** Two runs of a message, of which the second began before the first was settled. */
export interface Overlap {
  readonly n: number;
  readonly firstStartedAt: number;
  readonly secondStartedAt: number;
  /** When the worker of the first run reported that its lease is lost. */
  readonly reportedAt: number | undefined;
  readonly abortedAt: number;
}

/** Returns the runs that began while an earlier run of their message went on. */
export function overlaps({ runs, events }: Fleet): Overlap[] {
  const lossOf = ({ worker, messageId, startedAt, endedAt }: FleetRun): number | undefined =>
    events.find(
      ({ event, at, worker: reporter }) =>
        event.type === 'lease-lost' &&
        event.messageId === messageId &&
        reporter === worker &&
        at >= startedAt &&
        at <= endedAt,
    )?.at;
  return runs.flatMap((second, at) =>
    runs
      .slice(0, at)
      .filter(({ n, endedAt }) => n === second.n && endedAt > second.startedAt)
      .map((first) => ({
        n: second.n,
        firstStartedAt: first.startedAt,
        secondStartedAt: second.startedAt,
        reportedAt: lossOf(first),
        abortedAt: first.abortedAt,
      })),
  );
}

/** Returns the overlaps of which the first run was not told, in time, that its lease is lost. */
export function unreported(fleet: Fleet, allowedMs = 0): Overlap[] {
  return overlaps(fleet).filter(
    ({ reportedAt = Infinity, secondStartedAt, abortedAt }) =>
      Math.max(reportedAt, abortedAt) > secondStartedAt + allowedMs,
  );
}

/** Returns the numbers that ran to their end more often than once, without any report about it. */
export function silentRepeats({ runs, events }: Fleet): number[] {
  const reported = new Set(
    events.flatMap(({ event }) =>
      event.type === 'lease-lost' || event.type === 'settle-failed' ? [event.messageId] : [],
    ),
  );
  const ended = runs.filter(({ endedAt }) => endedAt < Infinity);
  const twice = ended.filter((run, at) => ended.findIndex(({ n }) => n === run.n) !== at);
  return twice.filter(({ messageId }) => !reported.has(messageId)).map(({ n }) => n);
}
