import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { CHANNELS } from '../../diagnostics/event-sink.js';
import type { DeliveredEvent, RequestEvent, SettledEvent, TransportEvent } from '../../diagnostics/transport-event.js';
import { errorType, limitValues } from './error-type.js';
import {
  callAttributes,
  emitAttributes,
  messageAttributes,
  type MetricAttributes,
  operationAttributes,
  processAttributes,
  queueAttributes,
  requestAttributes,
  settledAttributes,
  settleFailedAttributes,
  storeFailureAttributes,
  transferAttributes,
} from './metric-attributes.js';
import type { CounterName, HistogramName } from './metric-table.js';
import { OPERATIONS, OTHER } from './semantic-conventions.js';

/** Receives the values of counters and histograms. Equal attributes are one object. */
export interface MetricSink {
  add(metric: CounterName, value: number, attributes: MetricAttributes): void;
  record(metric: HistogramName, value: number, attributes: MetricAttributes): void;
}

/** Codes of emits whose method the contract lacks. Nothing bounds such names. */
const UNKNOWN_NAMES: readonly string[] = ['unknown-method', 'unknown-service'];

/** Limits the distinct error types of one source: handlers, or queues and stores. */
const MOST_ERROR_TYPES = 50;

/** Holds the sink and the limits of one recording. */
interface Recording {
  readonly sink: MetricSink;
  /** Returns the type of an error that a handler threw. A sender may choose these errors. */
  readonly handlerError: (error: unknown) => string;
  /** Returns the type of an error of a queue or an idempotency store, or of its code. */
  readonly queueError: (error: unknown) => string;
}

type Recorder<Type extends TransportEvent['type']> = (
  recording: Recording,
  event: Extract<TransportEvent, { readonly type: Type }>,
) => void;

/** Counts an event by its queue alone. */
function count(metric: CounterName): (recording: Recording, event: { readonly queue: string }) => void {
  return ({ sink }, { queue }) => sink.add(metric, 1, queueAttributes(queue));
}

/** Counts a failed request by its queue and error. */
function countError(
  metric: CounterName,
): (recording: Recording, event: { readonly queue: string; readonly error: unknown }) => void {
  return ({ sink, queueError }, { queue, error }) => sink.add(metric, 1, queueAttributes(queue, queueError(error)));
}

/** Counts a call by its queue and method. The contract bounds the methods. */
function countCall(
  metric: CounterName,
): (recording: Recording, event: { readonly queue: string; readonly method: string }) => void {
  return ({ sink }, { queue, method }) => sink.add(metric, 1, callAttributes(queue, method));
}

/**
 * Maps events to values. Events without a recorder change no counter: gauges show outages, and
 * `delivered` counts what `received` does.
 */
const RECORDERS: { readonly [Type in TransportEvent['type']]?: Recorder<Type> } = {
  stored: ({ sink }, { queue, method }) =>
    sink.add('nestjs_sqs_thrift.emitted.calls', 1, emitAttributes(queue, method, 'stored')),
  'emit-failed': ({ sink, queueError }, { queue, method, error }) => {
    const failure = queueError(error);
    const known = UNKNOWN_NAMES.includes(failure) ? OTHER : method;
    sink.add('nestjs_sqs_thrift.emitted.calls', 1, emitAttributes(queue, known, 'failed', failure));
  },
  'send-failed': countError('nestjs_sqs_thrift.failed.sends'),
  delivered: recordDwell,
  handled: ({ sink, handlerError }, { queue, carrier, service, method, elapsedMs, outcome, error }) => {
    const failure = outcome === 'failed' ? handlerError(error) : undefined;
    const attributes = processAttributes(queue, carrier, service, method, failure);
    sink.record('messaging.process.duration', elapsedMs / 1000, attributes);
  },
  request: recordRequest,
  'poll-failed': countError('nestjs_sqs_thrift.failed.receives'),
  settled: recordSettled,
  'settle-failed': ({ sink, queueError }, { queue, outcome, verb, error }) => {
    const attributes = settleFailedAttributes(queue, outcome, verb, queueError(error));
    sink.add('nestjs_sqs_thrift.failed.settlements', 1, attributes);
  },
  'renew-failed': countError('nestjs_sqs_thrift.failed.renewals'),
  'lease-lost': count('nestjs_sqs_thrift.lost.leases'),
  'loop-delay': ({ sink }, { queue, delayMs }) =>
    sink.record('nestjs_sqs_thrift.event_loop.delay', delayMs / 1000, queueAttributes(queue)),
  stalled: count('nestjs_sqs_thrift.stalls'),
  'slow-call': countCall('nestjs_sqs_thrift.slow.calls'),
  duplicate: countCall('nestjs_sqs_thrift.duplicate.calls'),
  'idempotency-failed': ({ sink, queueError }, { queue, verb, error }) => {
    const attributes = storeFailureAttributes(queue, verb, queueError(error));
    sink.add('nestjs_sqs_thrift.idempotency.failures', 1, attributes);
  },
};

/** Records the wait of a message before its first receive. Later receives would count the retry delays. */
function recordDwell({ sink }: Recording, { queue, receiveCount, sentAt }: DeliveredEvent): void {
  if (receiveCount !== 1 || sentAt === undefined) return;
  // The clock of the queue may run ahead of the clock of this machine.
  const seconds = Math.max(0, Date.now() - sentAt) / 1000;
  sink.record('nestjs_sqs_thrift.message.dwell', seconds, queueAttributes(queue));
}

function recordSettled({ sink, handlerError }: Recording, event: SettledEvent): void {
  const { queue, outcome, reason, fate, resent = 0, error } = event;
  sink.add('nestjs_sqs_thrift.settled.messages', 1, settledAttributes(queue, outcome, reason, fate));
  if (outcome === 'retry' || outcome === 'split') {
    sink.add('nestjs_sqs_thrift.retried.messages', 1, queueAttributes(queue, handlerError(error)));
  }
  if (resent > 0) sink.add('nestjs_sqs_thrift.resent.calls', resent, queueAttributes(queue));
}

function recordRequest(recording: Recording, event: RequestEvent): void {
  const { sink } = recording;
  const { queue, carrier, verb, throttled, bytes, entries, elapsedMs } = event;
  // A later version of the package may know more verbs.
  if (!Object.hasOwn(OPERATIONS, verb)) return;
  const failed = failedEntries(event);
  const result = resultOf(event, failed);
  const failure = result === 'failed' ? failureOf(recording, event) : undefined;
  const attributes = operationAttributes(queue, carrier, verb, failure);
  sink.record('messaging.client.operation.duration', elapsedMs / 1000, attributes);
  sink.add('nestjs_sqs_thrift.requests', 1, requestAttributes(queue, verb, result, throttled));
  if (verb === 'extend') sink.add('nestjs_sqs_thrift.lease.renewals', entries, queueAttributes(queue));
  if (verb === 'send') countSent(recording, event, entries - failed);
  if (verb === 'receive' && entries > 0) {
    sink.add('messaging.client.consumed.messages', entries, messageAttributes(queue, carrier, verb));
  }
  // A request that failed as a whole has transferred no message.
  if (bytes === 0 || result === 'failed') return;
  sink.add('nestjs_sqs_thrift.transferred', bytes, transferAttributes(queue, verb === 'receive' ? 'received' : 'sent'));
}

function failedEntries({ failures }: RequestEvent): number {
  let failed = 0;
  for (const code in failures) failed += failures[code]!;
  return failed;
}

function resultOf({ error, entries }: RequestEvent, failed: number): 'succeeded' | 'failed' | 'partly-failed' {
  if (error !== undefined || (failed > 0 && failed >= entries)) return 'failed';
  return failed > 0 ? 'partly-failed' : 'succeeded';
}

/** Returns `error.type` of a request that failed as a whole, or whose entries all failed. */
function failureOf({ queueError }: Recording, { error, failures }: RequestEvent): string {
  return error === undefined ? queueError(Object.keys(failures)[0]) : queueError(error);
}

/** Counts the messages of a send by error. */
function countSent({ sink, queueError }: Recording, event: RequestEvent, rest: number): void {
  const { queue, carrier, verb, failures, error } = event;
  for (const [code, failed] of Object.entries(failures)) {
    const attributes = messageAttributes(queue, carrier, verb, queueError(code));
    sink.add('messaging.client.sent.messages', failed, attributes);
  }
  if (rest <= 0) return;
  const failure = error === undefined ? undefined : queueError(error);
  sink.add('messaging.client.sent.messages', rest, messageAttributes(queue, carrier, verb, failure));
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
    handlerError: (error) => handlerTypes(errorType(error)),
    queueError: (error) => queueTypes(typeof error === 'string' ? error : errorType(error)),
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
