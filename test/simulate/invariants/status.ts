import { baseName } from '../network/fate.js';
import type { ProcessRecord, RequestRecord } from '../records.js';
import type { Run } from '../simulation.js';
import { clock, wasPaused } from './facts.js';
import type { Invariant, Violation } from './violation.js';

/** Time in ms within which the status must be true. */
const TRUE_MS = 2_000;
/** Time in ms in addition for the travel of a request and its answer. */
const TRAVEL_MS = 500;

/** Checks that the status of each process is true soon after the first sign. */
export const status: Invariant = (run) =>
  run.journal.processes.flatMap((process) => {
    const verb = process.kind === 'worker' ? 'receive' : 'send';
    const requests = process.requests.filter((request) => request.verb === verb && request.queue !== 'dead');
    return [...deadButUp(run, process, requests), ...wellButDown(run, process, requests)];
  });

function deadButUp(run: Run, process: ProcessRecord, requests: readonly RequestRecord[]): Violation[] {
  const wrong = requests.find((request) => {
    const { endedAt = Infinity, error, fault } = request;
    const end = endedAt + TRUE_MS;
    if (fault !== 'outage' || (error !== 'network' && error !== 'service')) return false;
    if (!isInOutage(run, process, endedAt, end) || !isWatched(run, process, endedAt, end)) return false;
    return !requests.some((other) => isGoodIn(other, endedAt, end)) && statusAt(process, end) === 'up';
  });
  if (!wrong) return [];
  const at = wrong.endedAt! + TRUE_MS;
  const text = `${process.name} has read an error of an outage at ${clock(wrong.endedAt!)}, and is still up at ${clock(at)}`;
  const rule = `a ${process.kind} is down in an outage`;
  return [{ rule, text, at, about: [process.name] }];
}

function wellButDown(run: Run, process: ProcessRecord, requests: readonly RequestRecord[]): Violation[] {
  const wrong = requests.find((request) => {
    const { sentAt, fault, error } = request;
    const end = sentAt + TRUE_MS + TRAVEL_MS;
    if (fault !== undefined || error !== undefined || !isDown(process, sentAt) || !isDown(process, end)) return false;
    if (process.openAt === undefined || process.openAt > sentAt || !isWatched(run, process, sentAt, end)) return false;
    return !requests.some((other) => isBadIn(other, sentAt, end));
  });
  if (!wrong) return [];
  const at = wrong.sentAt + TRUE_MS + TRAVEL_MS;
  const text = `${process.name} has sent a good ${wrong.verb} at ${clock(wrong.sentAt)}, and is still down at ${clock(at)}`;
  return [{ rule: `a ${process.kind} is up after an outage`, text, at, about: [process.name] }];
}

function isInOutage({ plan }: Run, process: ProcessRecord, from: number, to: number): boolean {
  const name = baseName(process.name);
  return plan.outages.some((outage) => outage.process === name && outage.from <= from && outage.to >= to);
}

/** True if a process could do its work during a time. */
function isWatched({ ms }: Run, process: ProcessRecord, from: number, to: number): boolean {
  const { crashedAt = Infinity, stopAt = Infinity } = process;
  return to < Math.min(ms, crashedAt, stopAt) && !wasPaused(process, from, to);
}

function isGoodIn({ endedAt = Infinity, error }: RequestRecord, from: number, to: number): boolean {
  return error === undefined && endedAt > from && endedAt <= to;
}

function isBadIn({ endedAt = Infinity, error, fault }: RequestRecord, from: number, to: number): boolean {
  return (error !== undefined || fault !== undefined) && endedAt > from && endedAt <= to;
}

function statusAt({ statuses }: ProcessRecord, time: number): string | undefined {
  return statuses.findLast(({ at }) => at <= time)?.status;
}

function isDown(process: ProcessRecord, time: number): boolean {
  return statusAt(process, time) === 'down';
}
