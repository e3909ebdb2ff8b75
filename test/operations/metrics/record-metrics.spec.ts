import { hasSubscribers } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it } from '@jest/globals';
import { CHANNELS } from '#lib/diagnostics/event-sink.js';
import { ContractError } from '#lib/event/event-error.js';
import { ATTR } from '#lib/operations/metrics/semantic-conventions.js';
import { METRICS, type MetricDefinition } from '#lib/operations/metrics/metric-table.js';
import { recordMetrics } from '#lib/operations/metrics/record-metrics.js';
import { EXAMPLES, HANDLED } from './example-events.js';
import { publishEvents } from './example-lines.js';

interface Value {
  readonly metric: string;
  readonly value: number;
  readonly attributes: Readonly<Record<string, string>>;
}

let values: Value[] = [];
let stop: () => void = () => undefined;

function record(): void {
  values = [];
  const sink = (metric: string, value: number, attributes: Readonly<Record<string, string>>): void => {
    values.push({ metric, value, attributes });
  };
  stop = recordMetrics({ add: sink, record: sink });
}

afterEach(() => stop());

describe('recordMetrics', () => {
  it('has an example of every type of event', () => {
    const types = new Set(EXAMPLES.map(({ event }) => event.type));
    expect([...types].sort()).toEqual(Object.keys(CHANNELS).sort());
  });

  it('writes only metrics of the table, with attributes of their definitions', () => {
    record();
    publishEvents(...EXAMPLES.map(({ event }) => event));
    publishEvents({ type: 'delivered', queue: 'jobs', messageId: 'm1', receiveCount: 1, sentAt: 1 });
    const table = METRICS as Readonly<Record<string, MetricDefinition>>;
    for (const { metric, attributes } of values) {
      expect(Object.keys(attributes).filter((name) => !table[metric]!.attributes.includes(name))).toEqual([]);
    }
    const written = new Set(values.map(({ metric }) => metric));
    const expected = Object.entries(table).filter(([, { kind }]) => kind !== 'gauge');
    expect([...written].sort()).toEqual(expected.map(([name]) => name).sort());
  });

  it('creates a bounded number of series for errors that a hostile sender names', () => {
    record();
    for (let at = 0; at < 10_000; at += 1) {
      publishEvents({ ...HANDLED, outcome: 'failed', error: Object.assign(new Error('no'), { name: `Error${at}` }) });
    }
    const types = new Set(values.map(({ attributes }) => attributes['error.type']));
    expect(values).toHaveLength(10_000);
    expect(types.size).toBe(51);
    expect(types).toContain('_OTHER');
  });

  it('counts failed emits of names that no contract knows as one series', () => {
    record();
    for (let n = 0; n < 10; n += 1) {
      const error = new ContractError('unknown-method', 'no such method');
      publishEvents({ type: 'emit-failed', queue: 'jobs', method: `method${n}`, error });
    }
    expect(new Set(values.map(({ attributes }) => attributes[ATTR.method]))).toEqual(new Set(['_OTHER']));
  });

  it('keeps the errors of queues apart from those that senders choose', () => {
    record();
    for (let at = 0; at < 100; at += 1) {
      publishEvents({ ...HANDLED, outcome: 'failed', error: Object.assign(new Error('no'), { name: `Error${at}` }) });
    }
    const error = Object.assign(new Error('no'), { code: 'AccessDenied' });
    publishEvents({ type: 'poll-failed', queue: 'jobs', failures: 1, error });
    expect(values.at(-1)).toEqual({
      metric: 'nestjs_sqs_thrift.failed.receives',
      value: 1,
      attributes: { 'messaging.destination.name': 'jobs', 'error.type': 'AccessDenied' },
    });
  });

  it('writes no ids', () => {
    record();
    publishEvents(...EXAMPLES.map(({ event }) => event));
    expect(JSON.stringify(values)).not.toMatch(/"(?:m1|e1)"/);
  });

  it('ends with its return value', () => {
    // The channels belong to the process, in which other specs may have run.
    const subscribed = (): string[] => Object.values(CHANNELS).filter((name) => hasSubscribers(name));
    const before = subscribed();
    record();
    expect(hasSubscribers(CHANNELS.handled)).toBe(true);
    stop();
    publishEvents({ ...HANDLED, outcome: 'failed', error: undefined });
    expect(values).toEqual([]);
    expect(subscribed()).toEqual(before);
  });

  it('survives a sink that throws', () => {
    const fail = (): never => {
      throw new Error('a sink that throws');
    };
    stop = recordMetrics({ add: fail, record: fail });
    expect(() => publishEvents(...EXAMPLES.map(({ event }) => event))).not.toThrow();
  });
});
