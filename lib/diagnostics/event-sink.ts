import { channel, type Channel } from 'node:diagnostics_channel';
import type { TransportEvent } from './transport-event.js';

/** Receives the events of one client or server. Never throws. */
export interface EventSink {
  (event: TransportEvent): void;
  /** True if something listens to events of a type that is built on demand. Default: nothing does. */
  readonly hears?: (type: TransportEvent['type']) => boolean;
}

/** The listeners of an application. */
interface OwnListeners {
  readonly emit: (event: TransportEvent) => void;
  readonly hears: (type: TransportEvent['type']) => boolean;
}

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
 *
 * @param internal listeners of the transport itself, such as its log. Events that are built on demand
 *   are not built for them
 */
export function createEventSink(
  internal: readonly ((event: TransportEvent) => void)[],
  own: OwnListeners = NO_LISTENERS,
): EventSink {
  const listeners = [...internal, own.emit];
  const sink = (event: TransportEvent): void => {
    channels.get(event.type)?.publish(event);
    for (const listener of listeners) {
      try {
        listener(event);
      } catch {
        // A logger or metric that throws must not change the outcome of a message.
      }
    }
  };
  const hears = (type: TransportEvent['type']): boolean => channels.get(type)!.hasSubscribers || own.hears(type);
  return Object.assign(sink, { hears });
}

const NO_LISTENERS: OwnListeners = { emit: () => undefined, hears: () => false };

/** True if an event of a type that is built on demand must be built. */
export function isHeard(report: EventSink, type: TransportEvent['type']): boolean {
  return report.hears?.(type) ?? false;
}
