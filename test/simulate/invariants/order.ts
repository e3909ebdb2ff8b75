import { isEnd } from '../processes/worker-process.js';
import type { DeliveryRecord, MessageRecord, RunRecord } from '../records.js';
import type { Run } from '../simulation.js';
import { callNames, clock, mainMessages, successes } from './facts.js';
import type { Invariant, Violation } from './violation.js';

/** Checks the order of message groups, from the emit to the handlers. */
export const order: Invariant = (run) => {
  if (!run.plan.queue.fifo) return [];
  return [...storedInOrder(run), ...groupsOf(run).flatMap((messages) => handledInOrder(run, messages))];
};

/** Returns the messages of each group, in the order of the queue. */
function groupsOf(run: Run): MessageRecord[][] {
  const groups = new Map<string | undefined, MessageRecord[]>();
  for (const message of mainMessages(run)) {
    groups.set(message.groupId, [...(groups.get(message.groupId) ?? []), message]);
  }
  return [...groups.values()];
}

function handledInOrder(run: Run, messages: readonly MessageRecord[]): Violation[] {
  const handled = successes(run);
  const violations: Violation[] = [];
  let open: MessageRecord | undefined;
  let doneAt = -Infinity;
  let running: RunRecord[] = [];
  for (const message of messages) {
    const runs = message.deliveries.flatMap((delivery) => delivery.runs).sort((a, b) => a.startedAt - b.startedAt);
    const [first] = runs;
    if (open && first && first.startedAt < doneAt) violations.push(overtaken(open, message, first));
    const twin = first && running.find((other) => runBeside(other, first));
    if (first && twin) violations.push(beside(twin, first));
    running = [...running, ...runs];
    const ends = [message.left?.at, usedUpAt(run, message), ...message.calls.map((call) => handled.get(call)?.endedAt)];
    const end = Math.min(...ends.map((at) => at ?? Infinity));
    if (end >= doneAt) [open, doneAt] = [message, end];
  }
  return violations;
}

/** Returns the time at which a message failed in its last permitted delivery. The message never runs again. */
function usedUpAt({ plan }: Run, { deliveries, undecodable }: MessageRecord): number | undefined {
  const { maxReceiveCount = Infinity } = plan.queue;
  const last = deliveries.find(({ number }) => number >= maxReceiveCount);
  return last && (failureAt(last) ?? (undecodable ? last.readAt : endOf(last)));
}

function failureAt({ runs }: DeliveryRecord): number | undefined {
  const failed = runs.findLast(({ outcome, abortedAt }) => outcome !== 'ok' || abortedAt !== undefined);
  return failed?.abortedAt ?? failed?.endedAt;
}

function endOf({ settledAt, reports }: DeliveryRecord): number | undefined {
  return settledAt ?? reports.find(({ what }) => isEnd(what))?.at;
}

function overtaken(open: MessageRecord, message: MessageRecord, run: RunRecord): Violation {
  const text = `${message.id} of group ${message.groupId} runs at ${clock(run.startedAt)}, before ${open.id}, which was stored earlier, has ended`;
  const about = [open.id, message.id, ...callNames([...open.calls, ...message.calls]), run.process.name];
  return { rule: 'a group is handled in order', text, at: run.startedAt, about };
}

/** True if a run of another message goes on while the run starts, under a lease that has not ended. */
function runBeside(other: RunRecord, { startedAt }: RunRecord): boolean {
  const { endedAt = Infinity, abortedAt = Infinity, process, delivery } = other;
  const { crashedAt = Infinity } = process;
  const end = Math.min(endedAt, abortedAt, crashedAt, delivery.until, delivery.settledAt ?? Infinity);
  return other.startedAt <= startedAt && end > startedAt;
}

function beside(one: RunRecord, other: RunRecord): Violation {
  const text = `call ${other.call} starts at ${clock(other.startedAt)} while call ${one.call} of its group runs`;
  const about = [one.delivery.message.id, other.delivery.message.id, ...callNames([one.call, other.call])];
  return { rule: 'a group runs one message at a time', text, at: other.startedAt, about };
}

function storedInOrder(run: Run): Violation[] {
  const last = new Map<string, { readonly call: number; readonly position: number }>();
  const violations: Violation[] = [];
  const strict = new Set(run.plan.clients.filter(({ options }) => options.strictOrder).map(({ name }) => name));
  const positions = new Map(mainMessages(run).map(({ id, calls }, at) => [id, { position: at, calls }]));
  for (const { id = '', call, process, endedAt = run.ms } of run.journal.emits) {
    const stored = positions.get(id);
    // A repeated deduplication id stands for an earlier message.
    if (!stored?.calls.includes(call) || !strict.has(process.name.split('.')[0]!)) continue;
    const key = `${process.name} ${run.plan.calls.find(({ n }) => n === call)?.group}`;
    const before = last.get(key);
    if (before && before.position > stored.position) {
      const text = `${process.name} emitted call ${before.call} before call ${call} of the same group, and the queue stored them the other way round`;
      const about = [...callNames([before.call, call]), process.name];
      violations.push({ rule: 'a group is stored in order', text, at: endedAt, about });
    }
    last.set(key, { call, position: stored.position });
  }
  return violations;
}
