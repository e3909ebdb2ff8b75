import type { ReceivedMessage } from '../../queue/wire-message.js';
import type { StoredMessage } from './message-store.js';

/** A message as it stands in a queue. */
export interface MessageSnapshot {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly groupId?: string;
  readonly receiveCount: number;
  readonly sentAt: number;
  /** When it can be received, in ms since the epoch; a moment that has passed for a visible message. */
  readonly visibleAt: number;
  readonly state: 'visible' | 'inFlight' | 'delayed';
}

/** What a test gets to see of a stored message at the moment `now`. */
export function toSnapshot(stored: StoredMessage, now: number): MessageSnapshot {
  const hidden = stored.visibleAt > now;
  return {
    ...common(stored),
    sentAt: stored.sentAt,
    visibleAt: stored.visibleAt,
    state: hidden ? (stored.receipt === undefined ? 'delayed' : 'inFlight') : 'visible',
  };
}

/** A stored message as its receiver gets it, right after it was leased. */
export function toDelivery(stored: StoredMessage): ReceivedMessage {
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
