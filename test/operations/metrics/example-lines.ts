import { channel } from 'node:diagnostics_channel';
import { CHANNELS } from '#lib/diagnostics/event-sink.js';
import type { TransportEvent } from '#lib/diagnostics/transport-event.js';

/** Publishes events as the transport does. */
export function publishEvents(...events: readonly TransportEvent[]): void {
  for (const event of events) channel(CHANNELS[event.type]).publish(event);
}

/** An event, with the lines of Prometheus that it adds. */
export interface Example {
  readonly title: string;
  readonly event: TransportEvent;
  /** Lines without those of buckets. */
  readonly lines: readonly string[];
}

/** An error as the queue port gives it, as far as metrics read it. */
export const refused = Object.assign(new Error('AccessDenied: no'), { code: 'AccessDenied' });

export const SQS = 'messaging_system="aws_sqs",messaging_system_name="aws.sqs"';
export const QUEUE = 'messaging_destination_name="jobs"';

/** Returns the two lines of a histogram with one value. */
export function histogram(name: string, labels: string, value: number): string[] {
  return [`${name}_sum{${labels}} ${value}`, `${name}_count{${labels}} 1`];
}

/** Returns the line of a counter of this package. */
export const own = (name: string, labels = '', count = 1): string =>
  `nestjs_sqs_thrift_${name}_total{${QUEUE}${labels === '' ? '' : `,${labels}`}} ${count}`;
