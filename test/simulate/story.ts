import { clock } from './invariants/facts.js';
import type { JournalLine } from './journal.js';
import type { Failure } from './shrink.js';

/** Lines that a story goes on after its violation. */
const LINES_AFTER = 3;
/** Longest story, in lines. */
const MAX_LINES = 120;

/** Tells a failing run: the plan, then who did what when. */
export function story({ plan, run, violation }: Failure): string {
  const { queue, clients, workers, calls, faulty = [] } = plan;
  const lines = relevant(run.journal.lines, violation.at);
  const setting = [
    `seed ${plan.seed}: ${violation.rule}`,
    `  ${violation.text}`,
    `  ${queue.fifo ? 'FIFO' : 'standard'} queue, ${attributes(queue)}`,
    ...clients.map(({ name, options }) => `  ${name}: ${compact(options)}`),
    ...workers.map(({ name, options }) => `  ${name}: ${compact(options)}`),
    ...calls.map(
      (call) => `  call ${call.n}: ${compact({ ...call, n: undefined, attempts: attempts(call.attempts) })}`,
    ),
    ...(faulty.length > 0 ? [`  requests with a fault: ${faulty.join(', ')}`] : []),
  ];
  return [...setting, ...lines.map(tell), `  => ${violation.text}`].join('\n');
}

function tell({ at, who, text }: JournalLine): string {
  return `  ${clock(at)}  ${who.padEnd(9)}  ${text}`;
}

/** Leaves out empty polls, and what happened long after the violation. */
function relevant(lines: readonly JournalLine[], until: number): JournalLine[] {
  const before = lines.filter(({ at }) => at <= until);
  const told = [...before, ...lines.slice(before.length, before.length + LINES_AFTER)];
  if (told.length <= MAX_LINES) return told;
  const left = told.length - MAX_LINES;
  return [
    ...told.slice(0, MAX_LINES / 2),
    { at: 0, who: '…', text: `${left} lines are left out` },
    ...told.slice(-MAX_LINES / 2),
  ];
}

function attributes({ maxReceiveCount, abortable, ...more }: Failure['plan']['queue']): string {
  const { inFlight, delaySeconds, reorder, duplicates } = more;
  return [
    maxReceiveCount === undefined ? 'no redrive policy' : `maxReceiveCount ${maxReceiveCount}`,
    ...(abortable ? ['receives can be aborted'] : []),
    ...(inFlight < 1_000 ? [`${inFlight} messages in flight at most`] : []),
    ...(delaySeconds > 0 ? [`a delay of ${delaySeconds} s`] : []),
    ...(reorder ? ['no order'] : []),
    ...(duplicates > 0 ? ['duplicates'] : []),
  ].join(', ');
}

function attempts(list: readonly { readonly ms: number; readonly end: string }[]): string {
  return list.map(({ ms, end }) => `${end} after ${ms} ms`).join(', then ');
}

/** Writes options as a person would. */
function compact(value: object): string {
  return JSON.stringify(value).replaceAll('"', '').replaceAll(',', ', ').replaceAll(':', ' ').slice(1, -1);
}
