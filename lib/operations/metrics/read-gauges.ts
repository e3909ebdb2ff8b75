import { liveTransports, type SendBufferState, type WorkerState } from '../../diagnostics/transport-state.js';
import { type GaugeName, METRICS } from './metric-table.js';
import type { MetricAttributes } from './metric-attributes.js';
import { ATTR } from './semantic-conventions.js';

/** Holds one value of a gauge. */
export interface GaugeReading {
  readonly value: number;
  readonly attributes: MetricAttributes;
}

/** Names the queue of workers that have not opened their queue. */
const UNKNOWN_QUEUE = 'unknown';

const STATUSES = ['starting', 'up', 'down', 'paused', 'stopping', 'stopped'] as const;

type WorkerGauge = Exclude<Extract<GaugeName, `${string}.worker.${string}`>, 'nestjs_sqs_thrift.worker.status'>;
type ClientGauge = Extract<GaugeName, `${string}.client.${string}`>;

const WORKER_GAUGES: Readonly<Record<WorkerGauge, (state: WorkerState) => number | undefined>> = {
  'nestjs_sqs_thrift.worker.up': ({ status }) => Number(status === 'up'),
  'nestjs_sqs_thrift.worker.slots.taken': ({ slotsTaken }) => slotsTaken,
  'nestjs_sqs_thrift.worker.slots.limit': ({ slots }) => slots,
  'nestjs_sqs_thrift.worker.open_receives': ({ openReceives }) => openReceives,
  'nestjs_sqs_thrift.worker.running_calls': ({ runningCalls }) => runningCalls,
  'nestjs_sqs_thrift.worker.messages_in_hand': ({ inHand }) => inHand,
  'nestjs_sqs_thrift.worker.oldest_in_hand': ({ oldestInHandMs }) => oldestInHandMs / 1000,
  'nestjs_sqs_thrift.worker.stalled': ({ stalledMs }) => stalledMs / 1000,
  'nestjs_sqs_thrift.worker.since_receive': ({ sinceReceiveMs }) =>
    sinceReceiveMs === undefined ? undefined : sinceReceiveMs / 1000,
};

const CLIENT_GAUGES: Readonly<Record<ClientGauge, (state: SendBufferState) => number>> = {
  'nestjs_sqs_thrift.client.up': ({ up }) => Number(up),
  'nestjs_sqs_thrift.client.buffered_calls': ({ bufferedCalls }) => bufferedCalls,
  'nestjs_sqs_thrift.client.buffered': ({ bufferedBytes }) => bufferedBytes,
};

const MERGE = {
  sum: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
  min: (values: readonly number[]) => Math.min(...values),
  max: (values: readonly number[]) => Math.max(...values),
} as const;

/**
 * Reads a gauge of the workers and clients of this process. Workers of one queue give one value, since
 * two values with the same attributes would be two points of one time series.
 */
export function readGauge(name: GaugeName): readonly GaugeReading[] {
  if (name === 'nestjs_sqs_thrift.worker.status') return readStatuses();
  return isClientGauge(name)
    ? readEach(name, sendBuffers(), CLIENT_GAUGES[name])
    : readEach(name, workerStates(), WORKER_GAUGES[name]);
}

function isClientGauge(name: GaugeName): name is ClientGauge {
  return Object.hasOwn(CLIENT_GAUGES, name);
}

function workerStates(): readonly WorkerState[] {
  return [...liveTransports().workers].map(({ state }) => state);
}

function sendBuffers(): readonly SendBufferState[] {
  return [...liveTransports().clients].flatMap(({ state }) => state.queues);
}

function byQueue<State extends { readonly queue: string | undefined }>(
  states: readonly State[],
): ReadonlyMap<string, readonly State[]> {
  const groups = new Map<string, State[]>();
  for (const state of states) {
    const queue = state.queue ?? UNKNOWN_QUEUE;
    const group = groups.get(queue);
    if (group) group.push(state);
    else groups.set(queue, [state]);
  }
  return groups;
}

function readEach<State extends { readonly queue: string | undefined }>(
  name: GaugeName,
  states: readonly State[],
  valueOf: (state: State) => number | undefined,
): readonly GaugeReading[] {
  return [...byQueue(states)].flatMap(([queue, group]) => {
    // The state of another version of the package may lack a number.
    const values = group.map(valueOf).filter((value) => value !== undefined && Number.isFinite(value)) as number[];
    if (values.length === 0) return [];
    return [{ value: MERGE[METRICS[name].merge](values), attributes: { [ATTR.destination]: queue } }];
  });
}

/** Counts the workers of each queue by status. A status that no worker has is 0, so that graphs fall. */
function readStatuses(): readonly GaugeReading[] {
  return [...byQueue(workerStates())].flatMap(([queue, group]) =>
    STATUSES.map((status) => ({
      value: group.filter((state) => state.status === status).length,
      attributes: { [ATTR.destination]: queue, status },
    })),
  );
}
