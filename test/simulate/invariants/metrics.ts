import type { MetricAttributes } from '#lib/operations/metrics/metric-attributes.js';
import type { Run } from '../simulation.js';
import { requestMetrics } from './metrics-of-requests.js';
import { settlementMetrics } from './metrics-of-settlements.js';
import { compare, counted, Tally } from './tally.js';
import type { Invariant, Violation } from './violation.js';

const DURATION = 'messaging.process.duration';

/**
 * Checks that the metrics of all processes agree with the journal. The journal knows the results of
 * emits from their observables, the handlers from themselves, and the requests from the network. It
 * reads no event for this. The recording outlives a crash, as a process outlives its last export: what
 * a process reported before its crash counts, and a crashed process reports nothing.
 */
export const metrics: Invariant = (run) => [
  ...emits(run),
  ...handlers(run),
  ...requestMetrics(run),
  ...settlementMetrics(run),
];

/** Compares emits that ended, by result and error. An emit of a crashed client never ends and is not counted. */
function emits(run: Run): Violation[] {
  const tally = new Tally();
  for (const { id, error, endedAt } of run.journal.emits) {
    if (endedAt !== undefined) tally.add(id === undefined ? `failed ${error}` : 'stored');
  }
  const ofMetrics = counted(run, 'nestjs_sqs_thrift.emitted.calls', (attributes) =>
    [attributes.result, attributes['error.type']].filter(Boolean).join(' '),
  );
  return compare(run, 'metrics count each emit', ofMetrics, tally);
}

/**
 * Compares handlers that ended or were aborted, with their durations in ms. A worker no longer waits for a
 * handler whose signal has aborted, so the call ends then. A crashed worker ends no handler.
 */
function handlers(run: Run): Violation[] {
  const tally = new Tally();
  let spentMs = 0;
  for (const { startedAt, endedAt = Infinity, abortedAt = Infinity, outcome } of run.journal.runs) {
    const end = Math.min(endedAt, abortedAt);
    if (end === Infinity) continue;
    tally.add(outcome === 'ok' ? 'succeeded' : 'failed');
    spentMs += end - startedAt;
  }
  const nameOf = (attributes: MetricAttributes): string => ('error.type' in attributes ? 'failed' : 'succeeded');
  const ofMetrics = counted(run, DURATION, nameOf);
  const seconds = run.metrics.of(DURATION).reduce((sum, each) => sum + each.sum, 0);
  ofMetrics.add('ms', Math.round(seconds * 1000));
  return compare(run, 'metrics count each handler', ofMetrics, tally.add('ms', Math.round(spentMs)));
}
