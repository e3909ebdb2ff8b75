import { baseName } from '../network/fate.js';
import { isEnd } from '../processes/worker-process.js';
import type { ProcessRecord } from '../records.js';
import type { Run } from '../simulation.js';
import { clock, mainMessages, wasPaused, workerOptions } from './facts.js';
import type { Invariant, Violation } from './violation.js';

/** Time in ms for aborted handlers to end (`Consumer`), and by which a limit may be missed. */
const GRACE_MS = 500 + 1_000;
/** Time in ms of a request that a stop waits for: its deadline. */
const REQUEST_MS = 5_000;
/** Time in ms after which a stop must say what it waits for. */
const SILENT_MS = 2_000;
/** Listeners that one signal may have, beside one for each call of a body: a few for each slot and poller. */
const MAX_LISTENERS = 80;

/** Checks that processes stop in time, and leave nothing behind. */
export const stops: Invariant = (run) => [
  ...run.journal.processes.flatMap((process) => [
    ...lateStop(run, process),
    ...leftBehind(run, process),
    ...(process.kind === 'worker' ? [...inHand(run, process), ...silentStop(run, process)] : []),
  ]),
  ...listeners(run),
];

function lateStop(run: Run, process: ProcessRecord): Violation[] {
  const { stopAt, stoppedAt = run.ms, openAt = Infinity, crashedAt = Infinity } = process;
  if (stopAt === undefined || wasPaused(process, stopAt - REQUEST_MS, stoppedAt) || crashedAt < stoppedAt) return [];
  const opening = openAt > stopAt ? 2 * REQUEST_MS : 0;
  const limit = limitOf(run, process) + opening + GRACE_MS;
  if (stoppedAt - stopAt <= limit) return [];
  const text = `${process.name} stops at ${clock(stopAt)} and has stopped at ${clock(stoppedAt)}, more than ${limit} ms later`;
  return [{ rule: `a ${process.kind} stops in time`, text, at: stopAt + limit, about: [process.name] }];
}

function limitOf(run: Run, { kind, name }: ProcessRecord): number {
  if (kind === 'worker') return workerOptions(run, name).drainTimeoutMs ?? 25_000;
  return run.plan.clients.find((client) => client.name === baseName(name))!.options.flushTimeoutMs ?? 10_000;
}

function leftBehind(run: Run, process: ProcessRecord): Violation[] {
  const { stoppedAt, timersLeft = 0, name, crashedAt, requests } = process;
  if (stoppedAt === undefined || crashedAt !== undefined) return [];
  // An opening in progress goes on, and closes what it has opened.
  const later = requests.find(({ sentAt, verb }) => sentAt > stoppedAt && verb !== 'open');
  const started = run.journal.runs.find((each) => each.process === process && each.startedAt > stoppedAt);
  const found = [
    timersLeft > 0 ? `has ${timersLeft} timers` : undefined,
    later ? `sends ${later.verb} at ${clock(later.sentAt)}` : undefined,
    started ? `starts call ${started.call} at ${clock(started.startedAt)}` : undefined,
  ].filter((text) => text !== undefined);
  return found.map((text) => ({
    rule: 'nothing is left after a stop',
    text: `${name} ${text} after its stop at ${clock(stoppedAt)}`,
    at: stoppedAt,
    about: [name],
  }));
}

function inHand(run: Run, process: ProcessRecord): Violation[] {
  const { stopAt, stoppedAt, name, crashedAt } = process;
  if (stopAt === undefined || stoppedAt === undefined || crashedAt !== undefined) return [];
  if (stoppedAt >= stopAt + limitOf(run, process)) return [];
  const deliveries = mainMessages(run).flatMap((message) => message.deliveries);
  return deliveries
    .filter(({ process: owner, readAt = Infinity }) => owner === name && readAt <= stoppedAt)
    .filter(({ reports }) => !reports.some(({ what }) => isEnd(what)))
    .map(({ message, readAt }) => ({
      rule: 'nothing is in hand after a stop',
      text: `${name} has stopped at ${clock(stoppedAt)} with ${message.id} in hand, read at ${clock(readAt!)}`,
      at: stoppedAt,
      about: [message.id, name],
    }));
}

/** True for a line that says what a stopping worker waits for. */
function explainsStop(text: string): boolean {
  return /wait|drain|stop/i.test(text);
}

function silentStop(run: Run, process: ProcessRecord): Violation[] {
  const { stopAt, stoppedAt = run.ms, name, logs, crashedAt, openAt = Infinity } = process;
  if (stopAt === undefined || crashedAt !== undefined || openAt > stopAt || stoppedAt - stopAt <= SILENT_MS) return [];
  const end = stopAt + SILENT_MS;
  if (wasPaused(process, stopAt, end)) return [];
  if (logs.some(({ at, text }) => at >= stopAt && at <= end && explainsStop(text))) return [];
  const text = `${name} stops at ${clock(stopAt)}, has not stopped before ${clock(stoppedAt)}, and does not say what it waits for`;
  return [{ rule: 'a long stop says what it waits for', text, at: end, about: [name] }];
}

function listeners(run: Run): Violation[] {
  const { listeners: most, ms } = run;
  if (most <= MAX_LISTENERS + Math.max(0, ...mainMessages(run).map(({ calls }) => calls.length))) return [];
  return [{ rule: 'no listener is left', text: `a signal has ${most} abort listeners`, at: ms, about: [] }];
}
