import { randomUUID } from 'node:crypto';
import type { WireMessage } from '../../queue/wire-message.js';

/** A message in the memory of a queue. Times are in ms since the epoch. */
export interface StoredMessage {
  readonly id: string;
  readonly message: WireMessage & { readonly body: string };
  readonly sentAt: number;
  receiveCount: number;
  /** Hidden before this moment: by its delay, or by the lease of its latest delivery. */
  visibleAt: number;
  /** The latest delivery, if there was one. */
  receipt: string | undefined;
  receivedAt: number;
}

/** What befalls messages that were received too often: gone from this store when it returns true. */
export type TakeAway = (message: StoredMessage) => boolean;

/** The messages of one queue in the order they came, with the rules of visibility. Knows no clock: the caller says what time it is. */
export class MessageStore {
  private readonly messages = new Map<string, StoredMessage>();

  constructor(private readonly fifo: boolean) {}

  add(message: StoredMessage): void {
    this.messages.set(message.id, message);
  }

  get(id: string): StoredMessage | undefined {
    return this.messages.get(id);
  }

  delete(id: string): void {
    this.messages.delete(id);
  }

  all(): Iterable<StoredMessage> {
    return this.messages.values();
  }

  /**
   * Leases up to `max` visible messages until `visibleAt`. In a FIFO queue a group is handed out up to its first invisible message,
   * several of its messages at once if they are visible (Developer Guide, "Receiving messages" of FIFO delivery logic).
   */
  lease(options: {
    readonly max: number;
    readonly now: number;
    readonly visibleAt: number;
    readonly takeAway: TakeAway;
  }): StoredMessage[] {
    const { max, now, visibleAt, takeAway } = options;
    const leased: StoredMessage[] = [];
    const blocked = new Set<string | undefined>();
    for (const stored of this.messages.values()) {
      if (leased.length === max) break;
      const group = stored.message.groupId;
      if (this.fifo && blocked.has(group)) continue;
      if (stored.visibleAt > now) {
        blocked.add(group);
      } else if (takeAway(stored)) {
        this.messages.delete(stored.id);
      } else {
        this.deliver(stored, now, visibleAt);
        leased.push(stored);
      }
    }
    return leased;
  }

  private deliver(stored: StoredMessage, now: number, visibleAt: number): void {
    stored.receiveCount += 1;
    stored.visibleAt = visibleAt;
    stored.receivedAt = now;
    stored.receipt = `${stored.id}/${randomUUID()}`;
  }

  /** The message that a receipt is about, wherever the message is now. */
  static idOfReceipt(receipt: string): string | undefined {
    return /^([^/]+)\/[^/]+$/.exec(receipt)?.[1];
  }

  /** When the next hidden message becomes visible, or undefined when none is hidden. */
  nextVisibleAt(now: number): number | undefined {
    let next: number | undefined;
    for (const { visibleAt } of this.messages.values()) {
      if (visibleAt > now && (next === undefined || visibleAt < next)) next = visibleAt;
    }
    return next;
  }
}
