import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { CHANNELS } from '../../diagnostics/event-sink.js';
import type { DeliveredEvent, RequestEvent, SettledEvent, TransportEvent } from '../../diagnostics/transport-event.js';
import { errorType, limitValues } from './error-type.js';
import type { CounterName, HistogramName } from './metric-table.js';
import { ATTR, type MessagingOperation, messagingSystem, OPERATIONS, PROCESS } from './semantic-conventions.js';

/** Holds the attributes of one value. Their names are those of the metric's definition. */
export type MetricAttributes = Readonly<Record<string, string>>;

/** Receives the values of counters and histograms. */
export interface MetricSink {
  add(metric: CounterName, value: number, attributes: MetricAttributes): void;
  record(metric: HistogramName, value: number, attributes: MetricAttributes): void;
}

/** Limits the distinct error types of one source: handlers, or queues and stores. */
const MOST_ERROR_TYPES = 50;

/** Holds the sink and the limits of one recording. */
interface Recording {
  readonly sink: MetricSink;
  /** Returns the attribute of an error that a handler threw. A sender may choose these errors. */
  readonly handlerError: (error: unknown) => MetricAttributes;
  /** Returns the attribute of an error of a queue or an idempotency store, or of its code. */
  readonly queueError: (error: unknown) => MetricAttributes;
}

type Recorder<Type extends TransportEvent['type']> = (
  recording: Recording,
  event: Extract<TransportEvent, { readonly type: Type }>,
) => void;

/** Counts an event by its queue alone. */
function count(metric: CounterName): (recording: Recording, event: { readonly queue: string }) => void {
  return ({ sink }, { queue }) => sink.add(metric, 1, { [ATTR.destination]: queue });
}

/** Counts a failed request by its queue and error. */
function countError(
  metric: CounterName,
): (recording: Recording, event: { readonly queue: string; readonly error: unknown }) => void {
  return ({ sink, queueError }, { queue, error }) =>
    sink.add(metric, 1, { [ATTR.destination]: queue, ...queueError(error) });
}

/** Counts a call by its queue and method. The contract bounds the methods. */
function countCall(
  metric: CounterName,
): (recording: Recording, event: { readonly queue: string; readonly method: string }) => void {
  return ({ sink }, { queue, method }) => sink.add(metric, 1, { [ATTR.destination]: queue, [ATTR.method]: method });
}

/**
 * Maps events to values. Events without a recorder change no counter: gauges show outages, and
 * `delivered` counts what `received` does.
 */
const RECORDERS: { readonly [Type in TransportEvent['type']]?: Recorder<Type> } = {
  stored: ({ sink }, { queue, method }) =>
    sink.add('nestjs_sqs_thrift.emitted.calls', 1, {
      [ATTR.destination]: queue,
      [ATTR.method]: method,
      result: 'stored',
    }),
  'emit-failed': ({ sink, queueError }, { queue, method, error }) =>
    sink.add('nestjs_sqs_thrift.emitted.calls', 1, {
      [ATTR.destination]: queue,
      [ATTR.method]: method,
      result: 'failed',
      ...queueError(error),
    }),
  'send-failed': countError('nestjs_sqs_thrift.failed.sends'),
  delivered: recordDwell,
  handled: ({ sink, handlerError }, { queue, carrier, service, method, elapsedMs, outcome, error }) =>
    sink.record('messaging.process.duration', elapsedMs / 1000, {
      ...messagingSystem(carrier),
      [ATTR.operationName]: PROCESS,
      [ATTR.destination]: queue,
      [ATTR.service]: service,
      [ATTR.method]: method,
      ...(outcome === 'failed' && handlerError(error)),
    }),
  request: recordRequest,
  'poll-failed': countError('nestjs_sqs_thrift.failed.receives'),
  settled: recordSettled,
  'settle-failed': ({ sink, queueError }, { queue, outcome, verb, error }) =>
    sink.add('nestjs_sqs_thrift.failed.settlements', 1, {
      [ATTR.destination]: queue,
      outcome,
      ...(verb !== undefined && { verb }),
      ...queueError(error),
    }),
  'renew-failed': countError('nestjs_sqs_thrift.failed.renewals'),
  'lease-lost': count('nestjs_sqs_thrift.lost.leases'),
  'loop-delay': ({ sink }, { queue, delayMs }) =>
    sink.record('nestjs_sqs_thrift.event_loop.delay', delayMs / 1000, { [ATTR.destination]: queue }),
  stalled: count('nestjs_sqs_thrift.stalls'),
  'slow-call': countCall('nestjs_sqs_thrift.slow.calls'),
  duplicate: countCall('nestjs_sqs_thrift.duplicate.calls'),
  'idempotency-failed': ({ sink, queueError }, { queue, verb, error }) =>
    sink.add('nestjs_sqs_thrift.idempotency.failures', 1, { [ATTR.destination]: queue, verb, ...queueError(error) }),
};

/** Records the wait of a message before its first receive. Later receives would count the retry delays. */
function recordDwell({ sink }: Recording, { queue, receiveCount, sentAt }: DeliveredEvent): void {
  if (receiveCount !== 1 || sentAt === undefined) return;
  // The clock of the queue may run ahead of the clock of this machine.
  const seconds = Math.max(0, Date.now() - sentAt) / 1000;
  sink.record('nestjs_sqs_thrift.message.dwell', seconds, { [ATTR.destination]: queue });
}

function recordSettled({ sink, handlerError }: Recording, event: SettledEvent): void {
  const { queue, outcome, reason, fate, resent = 0, error } = event;
  const about = { [ATTR.destination]: queue };
  sink.add('nestjs_sqs_thrift.settled.messages', 1, {
    ...about,
    outcome,
    ...(reason !== undefined && { reason }),
    ...(fate !== undefined && { fate }),
  });
  if (outcome === 'retry' || outcome === 'split') {
    sink.add('nestjs_sqs_thrift.retried.messages', 1, { ...about, ...handlerError(error) });
  }
  if (resent > 0) sink.add('nestjs_sqs_thrift.resent.calls', resent, about);
}

function recordRequest(recording: Recording, event: RequestEvent): void {
  const { sink } = recording;
  const { queue, verb, throttled, bytes, entries, elapsedMs } = event;
  const about = { [ATTR.destination]: queue };
  const operation: MessagingOperation = OPERATIONS[verb];
  sink.record('messaging.client.operation.duration', elapsedMs / 1000, {
    ...messagingSystem(event.carrier),
    ...operation,
    ...about,
    ...failureOf(recording, event),
  });
  const result = resultOf(event);
  sink.add('nestjs_sqs_thrift.requests', 1, { ...about, verb, result, throttled: String(throttled) });
  if (verb === 'extend') sink.add('nestjs_sqs_thrift.lease.renewals', entries, about);
  if (verb === 'send' || verb === 'receive') countMessages(recording, event);
  // A request that failed as a whole has transferred no message.
  if (bytes > 0 && result !== 'failed') {
    const direction = verb === 'receive' ? 'received' : 'sent';
    sink.add('nestjs_sqs_thrift.transferred', bytes, { ...about, direction });
  }
}

function failedEntries({ failures }: RequestEvent): number {
  return Object.values(failures).reduce((sum, failed) => sum + failed, 0);
}

function resultOf(event: RequestEvent): 'succeeded' | 'failed' | 'partly-failed' {
  const failed = failedEntries(event);
  if (event.error !== undefined || (failed > 0 && failed >= event.entries)) return 'failed';
  return failed > 0 ? 'partly-failed' : 'succeeded';
}

/** Returns `error.type` of a request that failed as a whole, or whose entries all failed. */
function failureOf({ queueError }: Recording, event: RequestEvent): MetricAttributes | undefined {
  if (resultOf(event) !== 'failed') return undefined;
  return event.error === undefined ? queueError(Object.keys(event.failures)[0]) : queueError(event.error);
}

/** Counts the messages of a send by error, and those of a receive. */
function countMessages({ sink, queueError }: Recording, event: RequestEvent): void {
  const { queue, carrier, verb, entries, failures, error } = event;
  const about = {
    ...messagingSystem(carrier),
    [ATTR.operationName]: OPERATIONS[verb][ATTR.operationName],
    [ATTR.destination]: queue,
  };
  const rest = entries - failedEntries(event);
  if (verb === 'receive') {
    if (entries > 0) sink.add('messaging.client.consumed.messages', entries, about);
    return;
  }
  for (const [code, failed] of Object.entries(failures)) {
    sink.add('messaging.client.sent.messages', failed, { ...about, ...queueError(code) });
  }
  if (rest <= 0) return;
  sink.add('messaging.client.sent.messages', rest, { ...about, ...(error !== undefined && queueError(error)) });
}

/** Skips values that an event of another version of the package does not have. */
function skipNaN(sink: MetricSink): MetricSink {
  return {
    add: (metric, value, attributes) => Number.isFinite(value) && sink.add(metric, value, attributes),
    record: (metric, value, attributes) => Number.isFinite(value) && sink.record(metric, value, attributes),
  };
}

/**
 * Records the events of all workers and clients of this process, of all copies of this package. The
 * transport reports some events only while something listens, so a recording also turns them on.
 *
 * @returns ends the recording
 */
export function recordMetrics(sink: MetricSink): () => void {
  const handlerTypes = limitValues(MOST_ERROR_TYPES);
  const queueTypes = limitValues(MOST_ERROR_TYPES);
  const recording: Recording = {
    sink: skipNaN(sink),
    handlerError: (error) => ({ [ATTR.errorType]: handlerTypes(errorType(error)) }),
    queueError: (error) => ({ [ATTR.errorType]: queueTypes(typeof error === 'string' ? error : errorType(error)) }),
  };
  const listeners = Object.entries(RECORDERS).map(([type, recorder]) => {
    const listener = (event: unknown): void => {
      try {
        (recorder as (recording: Recording, event: unknown) => void)(recording, event);
      } catch {
        // Node makes an uncaught exception of this error. An event of another version of the package
        // may have another shape, and metrics must never end a process.
      }
    };
    return [CHANNELS[type as TransportEvent['type']], listener] as const;
  });
  for (const [channel, listener] of listeners) subscribe(channel, listener);
  return () => {
    for (const [channel, listener] of listeners) unsubscribe(channel, listener);
  };
}
