import { afterEach, describe, expect, it } from '@jest/globals';
import { type GaugeName, metricsOf } from '#lib/operations/metrics/metric-table.js';
import { readGauge } from '#lib/operations/metrics/read-gauges.js';
import { addClientState, addWorkerState, forgetStates } from './live-states.js';

afterEach(forgetStates);

/** Returns the values of a gauge by queue. */
function valuesOf(name: GaugeName): Readonly<Record<string, number>> {
  return Object.fromEntries(
    readGauge(name).map(({ value, attributes }) => [attributes['messaging.destination.name']!, value] as const),
  );
}

describe('readGauge', () => {
  it('has no value without workers and clients', () => {
    expect(metricsOf('gauge').flatMap(([name]) => readGauge(name))).toEqual([]);
  });

  it.each<[GaugeName, number]>([
    ['nestjs_sqs_thrift.worker.up', 0],
    ['nestjs_sqs_thrift.worker.slots.taken', 4],
    ['nestjs_sqs_thrift.worker.slots.limit', 30],
    ['nestjs_sqs_thrift.worker.oldest_in_hand', 9],
    ['nestjs_sqs_thrift.worker.stalled', 300],
    ['nestjs_sqs_thrift.worker.since_receive', 2],
  ])('makes one value of several workers of a queue, for %s', (name, expected) => {
    addWorkerState({ slotsTaken: 3, slots: 10, oldestInHandMs: 9000, sinceReceiveMs: 2000 });
    addWorkerState({ status: 'down', slotsTaken: 1, slots: 20, stalledMs: 300_000, sinceReceiveMs: undefined });
    addWorkerState({ queue: 'mails', status: 'paused' });
    const { jobs, ...others } = valuesOf(name);
    expect(jobs).toBe(expected);
    expect(Object.keys(others)).toEqual(['mails']);
  });

  it('makes one value of the send buffers of several clients of a queue', () => {
    addClientState({ bufferedCalls: 5 }, { queue: 'mails' });
    addClientState({ bufferedCalls: 7, up: false });
    expect(valuesOf('nestjs_sqs_thrift.client.buffered_calls')).toEqual({ jobs: 12, mails: 5 });
    expect(valuesOf('nestjs_sqs_thrift.client.up')).toEqual({ jobs: 0, mails: 1 });
  });

  it('counts the workers of a queue by status', () => {
    addWorkerState();
    addWorkerState();
    addWorkerState({ status: 'paused' });
    const counts = readGauge('nestjs_sqs_thrift.worker.status').filter(({ value }) => value > 0);
    expect(counts.map(({ value, attributes }) => [attributes['status'], value])).toEqual([
      ['up', 2],
      ['paused', 1],
    ]);
  });

  it('shows a worker whose queue is not open, and leaves unknown times out', () => {
    addWorkerState({ queue: undefined, status: 'starting', sinceReceiveMs: undefined });
    expect(valuesOf('nestjs_sqs_thrift.worker.up')).toEqual({ unknown: 0 });
    expect(valuesOf('nestjs_sqs_thrift.worker.since_receive')).toEqual({});
  });

  it('leaves out a number that the state of another version lacks', () => {
    addWorkerState({ slots: undefined } as never);
    expect(valuesOf('nestjs_sqs_thrift.worker.slots.limit')).toEqual({});
  });
});
