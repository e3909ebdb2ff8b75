import { channel, type Channel } from 'node:diagnostics_channel';
import type { TransportEvent } from './transport-event.js';

/** Receives the events of one client or server. Never throws. */
export type EventSink = (event: TransportEvent) => void;

const TYPES = [
  'stored',
  'emit-failed',
  'attributes-left-out',
  'size-limit-learned',
  'send-failed',
  'send-recovered',
  'received',
  'delivered',
  'handled',
  'request',
  'poll-failed',
  'poll-recovered',
  'settled',
  'settle-failed',
  'renew-failed',
  'lease-lost',
  'loop-delay',
  'stalled',
  'slow-call',
  'duplicate',
  'idempotency-failed',
] as const satisfies readonly TransportEvent['type'][];

/**
 * Maps each event type to its `node:diagnostics_channel` name, for example
 * `nestjs-sqs-thrift:stored`.
 *
 * @publicApi
 */
export const CHANNELS: Readonly<Record<TransportEvent['type'], string>> = Object.fromEntries(
  TYPES.map((type) => [type, `nestjs-sqs-thrift:${type}`]),
) as Record<TransportEvent['type'], string>;

const channels = new Map<string, Channel>(TYPES.map((type) => [type, channel(CHANNELS[type])]));

/**
 * Creates an event sink that publishes to the diagnostics channels and calls each listener. Errors
 * of a listener never reach the transport.
 */
export function createEventSink(...listeners: readonly ((event: TransportEvent) => void)[]): EventSink {
  return (event) => {
    channels.get(event.type)?.publish(event);
    for (const listener of listeners) {
      try {
        listener(event);
      } catch {
        // A logger or metric that throws must not change the outcome of a message.
      }
    }
  };
}
