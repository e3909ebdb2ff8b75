import type { MetricAttributes } from '#lib/operations/metrics/metric-attributes.js';
import type { DeliveryRecord, PortRequest } from '../records.js';
import type { Run } from '../simulation.js';
import { mainMessages, mainQueue, processOf, wasHindered, wasPaused, workerOptions } from './facts.js';
import { compare, counted, Tally } from './tally.js';
import type { Violation } from './violation.js';

/** The requests about one delivery, as far as its worker read their answers. */
interface Requests {
  /** Times at which the worker read that the queue carried out a verb. A release has its cause. */
  readonly done: Map<string, number>;
  /** Verbs of which the last attempt failed. */
  readonly failed: Set<string>;
}

/** Time in ms after which a worker gives up a settlement. An answer that comes later changes no report. */
const GIVEN_UP_MS = 8_000;
/** The verbs that end a delivery. */
const SETTLING = ['acknowledge', 'discard', 'release'];
/** Their names in {@link Requests}. */
const SETTLING_NAMES = ['acknowledge', 'discard', 'failed', 'not-started'];

/** Compares the ends of deliveries by outcome. */
export function settlementMetrics(run: Run): Violation[] {
  const requests = requestsOfDeliveries(run);
  return [...settled(run, requests), ...ends(run, requests)];
}

/**
 * Compares the outcomes that need a request. A worker that abandons a delivery sends none. The outcome
 * of a few deliveries is open, so a count may be larger than the sure ones by those that are possible.
 */
function settled(run: Run, requests: ReadonlyMap<DeliveryRecord, Requests>): Violation[] {
  const sure = new Tally();
  const possible = new Tally();
  for (const [delivery, asked] of requests) {
    const found = outcomesOf(run, delivery, asked);
    const tally = found.length === 1 && !mayBeGivenUp(run, delivery, asked) ? sure : possible;
    for (const outcome of found) {
      tally.add(outcome);
      if (outcome === 'retry' || outcome === 'split') tally.add('retried');
    }
  }
  return compare(run, 'metrics count each settlement', outcomes(run), sure, possible);
}

function outcomes(run: Run): Tally {
  const nameOf = ({ outcome = '', fate }: MetricAttributes): string => (fate ? `${outcome} ${fate}` : outcome);
  const all = counted(run, 'nestjs_sqs_thrift.settled.messages', nameOf);
  const tally = new Tally();
  for (const name of all.names) if (name !== 'abandon') tally.add(name, all.of(name));
  for (const { sum } of run.metrics.of('nestjs_sqs_thrift.retried.messages')) tally.add('retried', sum);
  return tally;
}

/** Returns the outcome that follows from the requests of a delivery, two if they leave it open. */
function outcomesOf(run: Run, delivery: DeliveryRecord, { done, failed }: Requests): readonly string[] {
  if (done.has('acknowledge')) return removals(run, delivery, done.has('resend') || failed.has('resend'));
  const drops = workerOptions(run, delivery.process).poisonPolicy === 'drop';
  if (done.has('discard')) return [drops ? 'reject removed' : 'reject dead-lettered'];
  if (done.has('not-started')) return ['released'];
  if (!done.has('failed')) return [];
  if (failed.has('copy')) return ['reject kept'];
  if (delivery.message.undecodable) return undecodable(run, delivery, done);
  return isGivenUpSplit({ done, failed }) ? [] : ['retry'];
}

/** True for a release after a send, whose answer may have come just after the worker had given up. */
function isGivenUpSplit({ done, failed }: Requests): boolean {
  return failed.has('resend') || done.has('resend');
}

/** A worker that stops may give up a body before it reads the body. Then it retries the message. */
function undecodable(run: Run, { process }: DeliveryRecord, done: Requests['done']): readonly string[] {
  const { stopAt = Infinity } = processOf(run, process)!;
  return done.get('failed')! < stopAt ? ['reject kept'] : ['reject kept', 'retry'];
}

/** An earlier delivery may have sent all failed calls again. Then nothing shows if they failed once more. */
function removals(run: Run, { message, runs, process }: DeliveryRecord, isSplit: boolean): readonly string[] {
  if (isSplit) return ['split'];
  const isWhole = message.calls.every((call) => runs.some((each) => each.call === call && each.outcome === 'ok'));
  const wasSplit = mainMessages(run).some(({ original, sender }) => original?.id === message.id && sender === process);
  return isWhole || !wasSplit ? ['ack'] : ['ack', 'split'];
}

/** True if the worker may have given up a settlement before it read that the queue had carried it out. */
function mayBeGivenUp(run: Run, { process: name, readAt = 0, runs }: DeliveryRecord, { done }: Requests): boolean {
  const process = processOf(run, name)!;
  const doneAt = Math.max(...SETTLING_NAMES.map((verb) => done.get(verb) ?? 0));
  // A handler whose signal aborts may end much later. The worker does not wait for it.
  const ended = runs.map(({ endedAt = Infinity, abortedAt = Infinity }) => Math.min(endedAt, abortedAt));
  const from = Math.max(readAt, ...ended.filter(Number.isFinite));
  if (doneAt - from < GIVEN_UP_MS) return false;
  return wasPaused(process, from, doneAt) || wasHindered(process, SETTLING, doneAt - 2 * GIVEN_UP_MS, doneAt);
}

/**
 * Compares the number of all ends, failed settlements included, with the deliveries that workers read.
 * A crash ends the deliveries in hand silently. A worker can abandon a delivery just before it crashes,
 * which no request shows, so a crash leaves a range.
 */
function ends(run: Run, requests: ReadonlyMap<DeliveryRecord, Requests>): Violation[] {
  const read = [...run.journal.deliveries.values()].filter(({ readAt }) => readAt !== undefined);
  const most = read.length;
  // A copy or a split alone ends no delivery: the worker may crash before the message is removed.
  const isSettled = (delivery: DeliveryRecord): boolean =>
    SETTLING_NAMES.some((name) => requests.get(delivery)?.done.has(name));
  const open = read.filter((delivery) => hasCrashed(run, delivery) && !isSettled(delivery));
  const failed = counted(run, 'nestjs_sqs_thrift.failed.settlements', (each) => each['messaging.destination.name']!);
  const settled = counted(run, 'nestjs_sqs_thrift.settled.messages', () => 'settled');
  const count = settled.of('settled') + failed.of(mainQueue(run));
  if (count <= most && count >= most - open.length) return [];
  const text = `the metrics count ${count} ends of ${most} deliveries, of which ${open.length} were open at a crash`;
  return [{ rule: 'metrics count the end of each delivery', text, at: run.ms, about: [] }];
}

function hasCrashed(run: Run, { process }: DeliveryRecord): boolean {
  return processOf(run, process)?.crashedAt !== undefined;
}

/** Gathers the requests of each delivery by what its worker read. */
function requestsOfDeliveries({ journal }: Run): ReadonlyMap<DeliveryRecord, Requests> {
  const found = new Map<DeliveryRecord, Requests>();
  for (const port of journal.ports) {
    if (port.verb === 'extend') continue;
    for (const [at, delivery] of port.originals.entries()) {
      if (!delivery) continue;
      let requests = found.get(delivery);
      if (!requests) found.set(delivery, (requests = { done: new Map(), failed: new Set() }));
      note(requests, port.causes?.[at] ?? nameOf(port), port, at);
    }
  }
  return found;
}

function nameOf({ verb, queue }: PortRequest): string {
  if (verb !== 'send') return verb;
  return queue === 'dead' ? 'copy' : 'resend';
}

function note(
  { done, failed }: Requests,
  name: string,
  { results, error, endedAt = 0 }: PortRequest,
  at: number,
): void {
  if (results?.[at]?.ok) {
    done.set(name, endedAt);
    failed.delete(name);
  } else if (results || error !== undefined) failed.add(name);
}
