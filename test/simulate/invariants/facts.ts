import type { WorkerOptions } from '../plan.js';
import { baseName } from '../network/fate.js';
import type { DeliveryRecord, MessageRecord, ProcessRecord, RequestRecord, RunRecord } from '../records.js';
import type { Run } from '../simulation.js';

/** Time in ms that a worker needs to extend a lease after it has read a message. */
const TIME_TO_EXTEND_MS = 1_500;
/** Time in ms for which throttling slows down the requests of a verb. */
const THROTTLED_MS = 40_000;
const SETTLING = ['acknowledge', 'discard', 'release', 'extend', 'send'];

/** Returns the name of the queue. */
export function mainQueue({ plan }: Run): string {
  return plan.queue.fifo ? 'main.fifo' : 'main';
}

/** Returns the messages of the queue, not of its dead-letter queue. */
export function mainMessages({ journal }: Run): MessageRecord[] {
  return [...journal.messages.values()].filter(({ queue }) => queue !== 'dead');
}

export function deadMessages({ journal }: Run): MessageRecord[] {
  return journal.stored('dead');
}

export function processOf({ journal }: Run, name: string): ProcessRecord | undefined {
  return journal.processes.find((process) => process.name === name);
}

/** Requests that the network or the service hindered, kept since many checks ask for them. */
const hindered = new WeakMap<ProcessRecord, readonly RequestRecord[]>();

function hinderedRequests(process: ProcessRecord): readonly RequestRecord[] {
  const known = hindered.get(process);
  if (known) return known;
  const found = process.requests.filter(({ fault, error }) => fault !== undefined || error !== undefined);
  hindered.set(process, found);
  return found;
}

export function workerOptions({ plan }: Run, process: string): WorkerOptions {
  return plan.workers.find(({ name }) => name === baseName(process))!.options;
}

/** Returns the run of each call that was the first to end well. A paused process may end one late. */
export function successes({ journal }: Run): ReadonlyMap<number, RunRecord> {
  const first = new Map<number, RunRecord>();
  for (const run of journal.runs) {
    const known = first.get(run.call);
    if (run.outcome === 'ok' && (!known || run.endedAt! < known.endedAt!)) first.set(run.call, run);
  }
  return first;
}

export function wasPaused({ pauses }: ProcessRecord, from: number, to: number): boolean {
  return pauses.some((pause) => pause.from <= to && pause.to >= from);
}

/** True if the network or the service hindered a request of a process in a time. */
export function wasHindered(process: ProcessRecord, verbs: readonly string[], from: number, to: number): boolean {
  return hinderedRequests(process).some(
    ({ verb, sentAt, endedAt = Infinity }) => sentAt <= to && endedAt >= from && verbs.includes(verb),
  );
}

/** True if a process was throttled shortly before a time, so that its requests wait. */
export function wasThrottled(process: ProcessRecord, verbs: readonly string[], at: number): boolean {
  return hinderedRequests(process).some(
    ({ verb, error, fault, endedAt = 0 }) =>
      verbs.includes(verb) &&
      (error === 'throttled' || fault === 'throttling') &&
      endedAt <= at &&
      endedAt > at - THROTTLED_MS,
  );
}

/** True if a process had no time left to end a delivery before `at`, since it was stopping. */
function drainWasOver(run: Run, process: ProcessRecord, at: number): boolean {
  return (
    process.stopAt !== undefined &&
    at >= process.stopAt + (workerOptions(run, process.name).drainTimeoutMs ?? 25_000) - 1_000
  );
}

/** Explains why a lease could end, or a delivery had no effect, without a mistake of the worker. */
export function excuse(run: Run, delivery: DeliveryRecord): string | undefined {
  const { readAt, firstUntil, process: name } = delivery;
  if (readAt === undefined) return 'the answer to the receive was lost';
  if (readAt > firstUntil - TIME_TO_EXTEND_MS) return 'the answer to the receive was late';
  const process = processOf(run, name);
  return process && excuseOf(run, process, delivery, readAt);
}

function excuseOf(run: Run, process: ProcessRecord, delivery: DeliveryRecord, readAt: number): string | undefined {
  const { until, settledAt = until } = delivery;
  const end = Math.max(settledAt, until);
  if (process.crashedAt !== undefined && process.crashedAt <= end) return 'the worker crashed';
  if (wasPaused(process, readAt + 1, end)) return 'the worker was paused';
  if (wasHindered(process, SETTLING, readAt, end)) return 'a request of the worker was hindered';
  if (wasThrottled(process, SETTLING, end)) return 'the worker was throttled';
  if (drainWasOver(run, process, settledAt)) return 'the drain timeout was over';
  return undefined;
}

/** Formats a time. */
export function clock(ms: number): string {
  const [minutes, seconds] = [Math.floor(ms / 60_000), (ms % 60_000) / 1_000];
  return `${String(minutes).padStart(2, '0')}:${seconds.toFixed(3).padStart(6, '0')}`;
}

/** Names calls as the journal does. */
export function callNames(calls: readonly number[]): string[] {
  return calls.map((call) => `call ${call}`);
}
