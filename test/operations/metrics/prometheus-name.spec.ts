import { describe, expect, it } from '@jest/globals';
import { METRICS, type MetricDefinition } from '#lib/operations/metrics/metric-table.js';
import { prometheusLabel, prometheusName } from '#lib/operations/metrics/prometheus-name.js';

const all = Object.entries(METRICS as Readonly<Record<string, MetricDefinition>>);

describe('prometheusName', () => {
  it.each([
    ['messaging.client.sent.messages', 'counter', '{message}', 'messaging_client_sent_messages_total'],
    ['messaging.process.duration', 'histogram', 's', 'messaging_process_duration_seconds'],
    ['a.transferred', 'counter', 'By', 'a_transferred_bytes_total'],
    ['a.up', 'gauge', '', 'a_up'],
    ['a.slots', 'gauge', '{slot}', 'a_slots'],
  ] as const)('writes %s, a %s in %s, as %s', (name, kind, unit, expected) => {
    expect(prometheusName(name, { kind, unit })).toBe(expected);
  });

  it('writes dots of attributes as underscores', () => {
    expect(prometheusLabel('messaging.destination.name')).toBe('messaging_destination_name');
  });
});

describe('the table of metrics', () => {
  it('has names that are valid in OpenTelemetry, and distinct ones in Prometheus', () => {
    expect(all.filter(([name]) => !/^(?:messaging|nestjs_sqs_thrift)(?:\.[a-z]+(?:_[a-z]+)*)+$/.test(name))).toEqual(
      [],
    );
    expect(new Set(all.map(([name, definition]) => prometheusName(name, definition))).size).toBe(all.length);
  });

  it('has a unit that Prometheus knows, or a note in braces', () => {
    expect(all.filter(([, { unit }]) => !/^(?:|s|By|\{[a-z]+\})$/.test(unit))).toEqual([]);
  });

  it('has no attribute that names a message', () => {
    expect(all.filter(([, { attributes }]) => attributes.some((name) => /\bid\b|url/.test(name)))).toEqual([]);
  });

  it('describes each metric in a sentence', () => {
    expect(all.filter(([, { description }]) => !/^[A-Z1].+\.$/.test(description))).toEqual([]);
  });
});
