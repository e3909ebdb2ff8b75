import type { ReceivedMessage } from '../../queue/wire-message.js';
import type { StoredMessage } from './message-store.js';

/**
 * Shows a message as it is in a queue.
 *
 * @publicApi
 */
export interface MessageSnapshot {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly groupId?: string;
  readonly receiveCount: number;
  readonly sentAt: number;
  /**
   * Time at which the message can be received, in ms since the epoch. In the past for a visible
   * message.
   */
  readonly visibleAt: number;
  readonly state: 'visible' | 'inFlight' | 'delayed';
}

/**
 * Counts the messages of a queue by state.
 *
 * @publicApi
 */
export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** Counts messages by state. */
export function depthOf(messages: readonly MessageSnapshot[]): QueueDepth {
  const depth = { visible: 0, inFlight: 0, delayed: 0 };
  for (const { state } of messages) depth[state] += 1;
  return depth;
}

/** Converts a stored message to its view for tests, at the time `now`. */
export function toSnapshot(stored: StoredMessage, now: number): MessageSnapshot {
  const hidden = stored.visibleAt > now;
  return {
    ...common(stored),
    sentAt: stored.sentAt,
    visibleAt: stored.visibleAt,
    state: hidden ? (stored.receipt === undefined ? 'delayed' : 'inFlight') : 'visible',
  };
}

/** Converts a stored message to a received message, right after the lease. */
export function leasedMessage(stored: StoredMessage): ReceivedMessage {
  const received = {
    ...common(stored),
    sentAt: stored.sentAt,
    receivedAt: stored.receivedAt,
    receipt: stored.receipt ?? '',
  };
  return { ...received, raw: received };
}

function common({
  id,
  message,
  receiveCount,
}: StoredMessage): Pick<MessageSnapshot, 'id' | 'body' | 'attributes' | 'groupId' | 'receiveCount'> {
  return {
    id,
    body: message.body,
    attributes: Object.assign(Object.create(null) as Record<string, string>, message.attributes),
    ...(message.groupId !== undefined && { groupId: message.groupId }),
    receiveCount,
  };
}
