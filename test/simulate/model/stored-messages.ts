import type { WireMessage } from '#lib/queue/wire-message.js';
import type { DeliveryRecord, MessageRecord } from '../records.js';

/** A message in a queue of the model. Times are in ms. */
export interface Stored {
  readonly record: MessageRecord;
  readonly message: WireMessage;
  readonly sentAt: number;
  receiveCount: number;
  visibleAt: number;
  /** The latest delivery. */
  delivery?: DeliveryRecord;
  /** Time of the latest delivery. */
  receivedAt: number;
  /** True if the queue keeps the message although it was acknowledged. */
  ghost: boolean;
  /** Number of times that the queue delivered the message by mistake. */
  mistakes: number;
}

/** Holds the messages of a queue in order of arrival, with the rules of visibility. */
export class StoredMessages {
  private readonly messages = new Map<string, Stored>();

  constructor(private readonly fifo: boolean) {}

  add(stored: Stored): void {
    this.messages.set(stored.record.id, stored);
  }

  get(id: string): Stored | undefined {
    return this.messages.get(id);
  }

  delete(id: string): void {
    this.messages.delete(id);
  }

  all(): Iterable<Stored> {
    return this.messages.values();
  }

  /**
   * Returns the messages that a receive may return, in order. A FIFO queue returns a group up to its
   * first hidden message. `taken` says of each visible message if the queue moves it away.
   */
  visible(now: number, taken: (stored: Stored) => boolean): Stored[] {
    const blocked = new Set<string | undefined>();
    return [...this.messages.values()].filter((stored) => {
      const group = stored.message.groupId;
      if (this.fifo && blocked.has(group)) return false;
      if (stored.visibleAt > now) {
        blocked.add(group);
        return false;
      }
      return !taken(stored);
    });
  }

  /** Returns the messages with a lease that has not ended. */
  inFlight(now: number): Stored[] {
    return [...this.messages.values()].filter(({ visibleAt, delivery }) => visibleAt > now && isHeld(delivery));
  }

  /** Returns the next time at which a hidden message becomes visible. */
  nextVisibleAt(now: number): number | undefined {
    let next: number | undefined;
    for (const { visibleAt } of this.messages.values()) {
      if (visibleAt > now && (next === undefined || visibleAt < next)) next = visibleAt;
    }
    return next;
  }
}

function isHeld(delivery: DeliveryRecord | undefined): boolean {
  return delivery !== undefined && delivery.settledAt === undefined;
}
