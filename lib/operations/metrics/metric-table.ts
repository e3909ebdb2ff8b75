import { ATTR, DURATION_BUCKETS } from './semantic-conventions.js';

/** Describes a counter. */
interface CounterDefinition {
  readonly kind: 'counter';
  readonly unit: string;
  readonly description: string;
  readonly attributes: readonly string[];
}

/** Describes a histogram. */
interface HistogramDefinition extends Omit<CounterDefinition, 'kind'> {
  readonly kind: 'histogram';
  readonly buckets: readonly number[];
}

/** Describes a gauge. `merge` makes one value of those of several workers or clients of a queue. */
interface GaugeDefinition extends Omit<CounterDefinition, 'kind'> {
  readonly kind: 'gauge';
  readonly merge: 'sum' | 'min' | 'max';
}

/** Describes a metric. An attribute may be absent from a value, as `error.type` without an error is. */
export type MetricDefinition = CounterDefinition | HistogramDefinition | GaugeDefinition;

const { destination: QUEUE, errorType: ERROR, method: METHOD } = ATTR;
const SYSTEM = [ATTR.system, ATTR.systemName] as const;

/** Gives the buckets of waiting times in seconds. A message may wait for hours. */
const WAIT_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 10_800, 43_200] as const;

/** Gives the buckets of a blocked event loop in seconds. */
const DELAY_BUCKETS = [0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300] as const;

function counter(unit: string, description: string, ...attributes: readonly string[]): CounterDefinition {
  return { kind: 'counter', unit, description, attributes };
}

function seconds(
  buckets: readonly number[],
  description: string,
  ...attributes: readonly string[]
): HistogramDefinition {
  return { kind: 'histogram', unit: 's', description, attributes, buckets };
}

function gauge(
  merge: GaugeDefinition['merge'],
  unit: string,
  description: string,
  ...attributes: readonly string[]
): GaugeDefinition {
  return { kind: 'gauge', unit, description, attributes: [QUEUE, ...attributes], merge };
}

/** Lists all counters. The names that begin with `messaging.` are those of the semantic conventions. */
const COUNTERS = {
  'messaging.client.sent.messages': counter(
    '{message}',
    'Messages that the process tried to send, one for each entry of a request.',
    ...SYSTEM,
    ATTR.operationName,
    QUEUE,
    ERROR,
  ),
  'messaging.client.consumed.messages': counter(
    '{message}',
    'Messages that the process received, one for each delivery.',
    ...SYSTEM,
    ATTR.operationName,
    QUEUE,
  ),
  'nestjs_sqs_thrift.emitted.calls': counter('{call}', 'Emitted calls by result.', QUEUE, METHOD, 'result', ERROR),
  'nestjs_sqs_thrift.settled.messages': counter(
    '{message}',
    'Deliveries that ended, by outcome.',
    QUEUE,
    'outcome',
    'reason',
    'fate',
  ),
  'nestjs_sqs_thrift.retried.messages': counter(
    '{message}',
    'Deliveries that ended in a retry or a split, by error.',
    QUEUE,
    ERROR,
  ),
  'nestjs_sqs_thrift.resent.calls': counter('{call}', 'Failed calls of bodies that were sent again.', QUEUE),
  'nestjs_sqs_thrift.duplicate.calls': counter(
    '{call}',
    'Calls that were skipped, because the idempotency store knows them.',
    QUEUE,
    METHOD,
  ),
  'nestjs_sqs_thrift.slow.calls': counter('{call}', 'Calls that ran longer than slowCallMs.', QUEUE, METHOD),
  'nestjs_sqs_thrift.failed.settlements': counter(
    '{message}',
    'Settlements that the queue did not carry out.',
    QUEUE,
    'outcome',
    'verb',
    ERROR,
  ),
  'nestjs_sqs_thrift.lease.renewals': counter('{message}', 'Lease renewals that the worker asked for.', QUEUE),
  'nestjs_sqs_thrift.failed.renewals': counter('{message}', 'Lease renewals that failed.', QUEUE, ERROR),
  'nestjs_sqs_thrift.lost.leases': counter('{message}', 'Deliveries whose lease was lost.', QUEUE),
  'nestjs_sqs_thrift.requests': counter('{request}', 'Requests to the queue.', QUEUE, 'verb', 'result', 'throttled'),
  'nestjs_sqs_thrift.transferred': counter(
    'By',
    'Bytes of the messages that were sent and received, with their attributes.',
    QUEUE,
    'direction',
  ),
  'nestjs_sqs_thrift.failed.receives': counter('{request}', 'Receives that failed.', QUEUE, ERROR),
  'nestjs_sqs_thrift.failed.sends': counter('{request}', 'Requests of clients without an answer.', QUEUE, ERROR),
  'nestjs_sqs_thrift.stalls': counter('{stall}', 'Reports that no slot has become free for minutes.', QUEUE),
  'nestjs_sqs_thrift.idempotency.failures': counter(
    '{failure}',
    'Failures of the idempotency store after a call had begun.',
    QUEUE,
    'verb',
    ERROR,
  ),
} as const;

const HISTOGRAMS = {
  'messaging.client.operation.duration': seconds(
    DURATION_BUCKETS,
    'Duration of requests to the queue. A receive includes its long poll.',
    ...SYSTEM,
    ATTR.operationName,
    ATTR.operationType,
    QUEUE,
    ERROR,
  ),
  'messaging.process.duration': seconds(
    DURATION_BUCKETS,
    'Duration of the handlers of a call.',
    ...SYSTEM,
    ATTR.operationName,
    QUEUE,
    ATTR.service,
    METHOD,
    ERROR,
  ),
  'nestjs_sqs_thrift.message.dwell': seconds(
    WAIT_BUCKETS,
    'Time from the send of a message to its first receive. Includes the delay of the message.',
    QUEUE,
  ),
  'nestjs_sqs_thrift.event_loop.delay': seconds(
    DELAY_BUCKETS,
    'Times for which the event loop was blocked too long to renew leases.',
    QUEUE,
  ),
} as const satisfies Readonly<Record<HistogramName, MetricDefinition>>;

const GAUGES = {
  'nestjs_sqs_thrift.worker.up': gauge('min', '', '1 if all workers of the queue are up, else 0.'),
  'nestjs_sqs_thrift.worker.status': gauge('sum', '{worker}', 'Workers of the queue by status.', 'status'),
  'nestjs_sqs_thrift.worker.slots.taken': gauge('sum', '{slot}', 'Slots taken by messages and open receives.'),
  'nestjs_sqs_thrift.worker.slots.limit': gauge('sum', '{slot}', 'Slots of the workers as of now.'),
  'nestjs_sqs_thrift.worker.open_receives': gauge('sum', '{request}', 'Receives that wait for messages.'),
  'nestjs_sqs_thrift.worker.running_calls': gauge('sum', '{call}', 'Calls whose handlers run.'),
  'nestjs_sqs_thrift.worker.messages_in_hand': gauge('sum', '{message}', 'Messages received and not settled.'),
  'nestjs_sqs_thrift.worker.oldest_in_hand': gauge('max', 's', 'Time since the receive of the oldest message in hand.'),
  'nestjs_sqs_thrift.worker.stalled': gauge('max', 's', 'Time for which no slot has become free, 0 while one is.'),
  'nestjs_sqs_thrift.worker.since_receive': gauge('max', 's', 'Time since the queue last answered a receive.'),
  'nestjs_sqs_thrift.client.up': gauge('min', '', '1 if the queue answers the clients, else 0.'),
  'nestjs_sqs_thrift.client.buffered_calls': gauge('sum', '{call}', 'Calls that wait in the send buffer.'),
  'nestjs_sqs_thrift.client.buffered': gauge('sum', 'By', 'Bytes of the calls that wait in the send buffer.'),
} as const;

/** Lists all metrics by name. Exporters create their instruments from this table. */
export const METRICS = { ...COUNTERS, ...HISTOGRAMS, ...GAUGES } as const;

/** Names a counter. */
export type CounterName = keyof typeof COUNTERS;

/**
 * Names a histogram.
 *
 * @publicApi
 */
export type HistogramName =
  | 'messaging.client.operation.duration'
  | 'messaging.process.duration'
  | 'nestjs_sqs_thrift.message.dwell'
  | 'nestjs_sqs_thrift.event_loop.delay';

/** Names a gauge. */
export type GaugeName = keyof typeof GAUGES;

/** Returns the metrics of a kind, with their names. */
export function metricsOf<Kind extends MetricDefinition['kind']>(
  kind: Kind,
): readonly (readonly [NameOfKind<Kind>, Extract<MetricDefinition, { readonly kind: Kind }>])[] {
  const all = Object.entries(METRICS) as [never, MetricDefinition][];
  return all.filter(([, definition]) => definition.kind === kind) as never;
}

/** Names the metrics of a kind. */
export type NameOfKind<Kind extends MetricDefinition['kind']> = Kind extends 'counter'
  ? CounterName
  : Kind extends 'histogram'
    ? HistogramName
    : GaugeName;
