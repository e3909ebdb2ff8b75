import type { EmitRecord, MessageRecord } from '../records.js';
import type { Run } from '../simulation.js';
import { callNames, clock, deadMessages, mainMessages, successes } from './facts.js';
import type { Invariant, Violation } from './violation.js';

/** Checks that every emit ends, and that every stored call is handled or dead-lettered. */
export const nothingLost: Invariant = (run) => [...unendedEmits(run), ...unstoredEmits(run), ...unhandled(run)];

function unendedEmits({ journal, ms }: Run): Violation[] {
  return journal.emits
    .filter(({ endedAt, process }) => endedAt === undefined && process.crashedAt === undefined)
    .map(({ call, process, at }) => ({
      rule: 'every emit ends',
      text: `call ${call}, emitted by ${process.name} at ${clock(at)}, has neither succeeded nor failed`,
      at: ms,
      about: [...callNames([call]), process.name],
    }));
}

function unstoredEmits(run: Run): Violation[] {
  return run.journal.emits.flatMap((emit) => {
    const { id, call, endedAt = 0, process } = emit;
    if (id === undefined && emit.error !== undefined) return [];
    if (endedAt === 0 || messageOf(run, emit)) return [];
    const text = `${process.name} was told that call ${call} is stored as ${id}, but the queue has no such message`;
    return [{ rule: 'an acknowledged emit is stored', text, at: endedAt, about: [...callNames([call]), process.name] }];
  });
}

/** Returns the message that stands for an emit: its own, or one with the same deduplication id. */
function messageOf({ journal, plan }: Run, { id, call }: EmitRecord): MessageRecord | undefined {
  const message = journal.messages.get(`main/${id}`) ?? journal.messages.get(`main.fifo/${id}`);
  if (message === undefined || message.calls.includes(call)) return message;
  const idOf = (n: number): string | undefined => plan.calls.find((each) => each.n === n)?.deduplicationId;
  return message.calls.some((n) => idOf(n) !== undefined && idOf(n) === idOf(call)) ? message : undefined;
}

function unhandled(run: Run): Violation[] {
  const handled = successes(run);
  const dead = new Set(deadMessages(run).flatMap(({ calls }) => calls));
  const dropped = new Set(
    mainMessages(run)
      .filter(({ left, deliveries }) => left?.how === 'discard' && deliveries.length > 0)
      .flatMap(({ calls }) => calls),
  );
  const isOpen = (call: number): boolean =>
    !handled.has(call) && !dead.has(call) && !(isDrop(run) && dropped.has(call));
  const missing = mainMessages(run).filter((message) => message.calls.some(isOpen) && !waitsForEver(run, message));
  return missing.map(({ id, calls, left }) => ({
    rule: left === undefined ? 'every stored call ends' : 'no stored call is lost',
    text:
      left === undefined
        ? `${id} with the calls ${calls.join(', ')} is still in the queue`
        : `${id} with the calls ${calls.join(', ')} has left the queue (${left.how}) unhandled`,
    at: left?.at ?? run.ms,
    about: [id, ...callNames(calls), ...(left?.delivery ? [left.delivery.process] : [])],
  }));
}

/** True for a message in the queue that is always late, or behind such a message of its group. */
function waitsForEver(run: Run, message: MessageRecord): boolean {
  if (message.left) return false;
  const { groupId } = message;
  return (
    alwaysLate(message) ||
    (run.plan.queue.fifo && mainMessages(run).some((other) => other.groupId === groupId && alwaysLate(other)))
  );
}

/** Deliveries in a row whose handlers took too long that show a message without an end. */
const LATE_DELIVERIES = 3;

/** True for a message in the queue whose handler is slower than `handlerTimeoutMs` each time. Only a limit of receives ends it. */
function alwaysLate({ left, deliveries }: MessageRecord): boolean {
  if (left || deliveries.length < LATE_DELIVERIES) return false;
  return deliveries
    .slice(-LATE_DELIVERIES)
    .every(({ runs }) => runs.length > 0 && runs.every(({ abortedAt }) => abortedAt !== undefined));
}

function isDrop({ plan }: Run): boolean {
  return plan.workers.some(({ options }) => options.poisonPolicy === 'drop');
}
