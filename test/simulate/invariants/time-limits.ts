import { baseName } from '../network/fate.js';
import type { ClientPlan } from '../plan.js';
import type { EmitRecord, ProcessRecord, RequestRecord } from '../records.js';
import type { Run } from '../simulation.js';
import { callNames, clock, wasPaused, wasThrottled, workerOptions } from './facts.js';
import type { Invariant, Violation } from './violation.js';

/** Time in ms by which a limit may be missed. */
const TOLERANCE_MS = 1_000;
/** Time in ms for which a shared body takes calls, which are all given up as late as the last. */
const GROWS_MS = 1_000;

/** Checks the options that limit a time. */
export const timeLimits: Invariant = (run) => [
  ...handlerTimeouts(run),
  ...run.journal.processes.flatMap((process) =>
    process.kind === 'client' ? [...deliveryTimeouts(run, process), ...idleAfterOutage(run, process)] : [],
  ),
];

function handlerTimeouts(run: Run): Violation[] {
  return run.journal.runs.flatMap(({ call, startedAt, endedAt = run.ms, abortedAt = Infinity, process }) => {
    const { handlerTimeoutMs = Infinity } = workerOptions(run, process.name);
    const end = startedAt + handlerTimeoutMs + TOLERANCE_MS;
    const isOver =
      Math.min(endedAt, process.crashedAt ?? Infinity, abortedAt) <= end || wasPaused(process, startedAt, end);
    if (isOver) return [];
    const text = `call ${call} runs since ${clock(startedAt)}, and its signal has not aborted after ${handlerTimeoutMs} ms`;
    return [{ rule: 'handlerTimeoutMs holds', text, at: end, about: [...callNames([call]), process.name] }];
  });
}

function deliveryTimeouts(run: Run, process: ProcessRecord): Violation[] {
  const sends = process.requests.filter(({ verb }) => verb === 'send');
  const emits = run.journal.emits.filter((emit) => emit.process === process && emit.at >= (process.openAt ?? Infinity));
  return emits.flatMap((emit) => {
    const end = deadline(run, emit, sends);
    const { endedAt = run.ms, call } = emit;
    if (end === undefined || endedAt <= end + TOLERANCE_MS) return [];
    if (wasPaused(process, emit.at, endedAt) || (process.crashedAt ?? Infinity) <= end + TOLERANCE_MS) return [];
    const text = `call ${call} waits since ${clock(emit.at)}, and ends at ${clock(endedAt)} in place of ${clock(end)}`;
    return [{ rule: 'deliveryTimeoutMs holds', text, at: endedAt, about: [...callNames([call]), process.name] }];
  });
}

/** Returns the time at which a call must have failed, if the queue has answered nothing until then. */
function deadline(
  run: Run,
  { at, call, endedAt = run.ms, process }: EmitRecord,
  sends: readonly RequestRecord[],
): number | undefined {
  const { deliveryTimeoutMs = 10_000, lingerMs = 0, pack } = clientOptions(run, process);
  const outage = firstFailure(sends, endedAt);
  // The value 0 gives up a call at its own first failure. A queue that throttles has no outage.
  if (outage === undefined || deliveryTimeoutMs === 0 || wasThrottled(process, ['send'], endedAt)) return undefined;
  // A client learns of an outage when it reads the first error.
  const waitsSince = Math.max(at + (pack ? GROWS_MS + lingerMs : 0), outage.sentAt);
  const end = Math.max(waitsSince + deliveryTimeoutMs, outage.endedAt ?? Infinity);
  // Nobody knows the end of a request that carries the call.
  const carriers = sends.filter(({ calls, sentAt }) => calls.includes(call) && sentAt <= end + TOLERANCE_MS);
  const carried = Math.max(end, ...carriers.map(({ endedAt: ended = Infinity }) => ended));
  const isOver = sends.some((send) => isAnswered(send) && isIn(send.endedAt!, outage.sentAt, carried + TOLERANCE_MS));
  return isOver ? undefined : carried;
}

function clientOptions({ plan }: Run, { name }: ProcessRecord): ClientPlan['options'] {
  return plan.clients.find((client) => client.name === baseName(name))!.options;
}

/** Returns the first failed request after the last answer before a time. */
function firstFailure(sends: readonly RequestRecord[], before: number): RequestRecord | undefined {
  const lastAnswer = sends.findLast((send) => isAnswered(send) && send.endedAt! < before)?.endedAt ?? -Infinity;
  return sends.find(
    ({ endedAt = Infinity, error, sentAt }) => error !== undefined && endedAt > lastAnswer && sentAt < before,
  );
}

function isIn(time: number, after: number, until: number): boolean {
  return time > after && time <= until;
}

/** True if the queue has said something about the entries of a request. */
function isAnswered({ endedAt, error }: RequestRecord): boolean {
  return endedAt !== undefined && error === undefined;
}

/** Time in ms within which a client asks again after an outage. */
const RESUME_MS = 2_000;

/** Finds clients that send nothing although the queue would answer again. */
function idleAfterOutage(run: Run, process: ProcessRecord): Violation[] {
  const sends = process.requests.filter(({ verb }) => verb === 'send');
  const outages = run.plan.outages.filter((outage) => outage.process === baseName(process.name));
  return outages.flatMap(({ to }) => {
    const before = sends.filter(({ sentAt }) => sentAt < to);
    const from = Math.max(to, ...before.map(({ endedAt = Infinity }) => endedAt));
    const end = from + RESUME_MS;
    const isWaiting = run.journal.emits.some(
      (emit) => emit.process === process && emit.at < to && (emit.endedAt ?? Infinity) > end,
    );
    const hasSent = sends.some(({ sentAt }) => sentAt >= to && sentAt <= end);
    if (!isWaiting || hasSent || !isWatched(process, to, end) || pausesForEntry(before.at(-1))) return [];
    const text = `${process.name} holds calls, and sends nothing from ${clock(from)} to ${clock(end)}, although the outage is over`;
    return [{ rule: 'a client sends soon after an outage', text, at: end, about: [process.name] }];
  });
}

/** True if the queue has refused an entry of the last request. Its call then has a pause of its own, outage or not. */
function pausesForEntry(last: RequestRecord | undefined): boolean {
  return last?.fault === 'partial failure';
}

/** True if a client was open, and could send, during a time. */
function isWatched(process: ProcessRecord, from: number, to: number): boolean {
  const { openAt = Infinity, crashedAt = Infinity, stopAt = Infinity } = process;
  return (
    openAt <= from &&
    to <= Math.min(crashedAt, stopAt) &&
    !wasPaused(process, from, to) &&
    !wasThrottled(process, ['send'], to)
  );
}
