import { randomUUID } from 'node:crypto';
import type { WireMessage } from '../../queue/wire-message.js';

/** Holds a message in the memory of a queue. Times are in ms since the epoch. */
export interface StoredMessage {
  readonly id: string;
  readonly message: WireMessage & { readonly body: string };
  readonly sentAt: number;
  receiveCount: number;
  /**
   * Time until which the message is hidden, by its delay or by the lease of its latest delivery.
   */
  visibleAt: number;
  /**
   * True from a delivery until the message is released. Also true after the lease has ended, so
   * check {@link visibleAt} as well.
   */
  inHand: boolean;
  /** Receipt of the latest delivery; undefined before the first delivery. */
  receipt: string | undefined;
  receivedAt: number;
}

/** Moves away a message that was received too often. True if the message leaves this store. */
export type TakeAway = (message: StoredMessage) => boolean;

/**
 * Stores the messages of one queue in order of arrival, with the rules of visibility. Has no clock:
 * the caller passes the time.
 */
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
   * Leases up to `max` visible messages until `visibleAt`. A FIFO queue delivers a message group up
   * to its first invisible message. One receive may return several visible messages of a group.
   * Source: Developer Guide, "Receiving messages" of FIFO delivery logic.
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

  get size(): number {
    return this.messages.size;
  }

  /**
   * True if a receiver holds a message, or could receive a message now. A message that waits for its
   * delay or its retry is no work. Neither is a message of a FIFO queue behind such a message.
   */
  hasWork(now: number): boolean {
    const blocked = new Set<string | undefined>();
    for (const { message, visibleAt, inHand } of this.messages.values()) {
      if (visibleAt > now) {
        if (inHand) return true;
        if (this.fifo) blocked.add(message.groupId);
      } else if (!blocked.has(message.groupId)) return true;
    }
    return false;
  }

  private deliver(stored: StoredMessage, now: number, visibleAt: number): void {
    stored.receiveCount += 1;
    stored.visibleAt = visibleAt;
    stored.inHand = true;
    stored.receivedAt = now;
    stored.receipt = `${stored.id}/${randomUUID()}`;
  }

  /** Returns the id of the message of a receipt, even if the message has left this store. */
  static idOfReceipt(receipt: string): string | undefined {
    return /^([^/]+)\/[^/]+$/.exec(receipt)?.[1];
  }

  /**
   * Returns the time at which the next hidden message becomes visible. Undefined if no message is
   * hidden.
   */
  nextVisibleAt(now: number): number | undefined {
    let next: number | undefined;
    for (const { visibleAt } of this.messages.values()) {
      if (visibleAt > now && (next === undefined || visibleAt < next)) next = visibleAt;
    }
    return next;
  }
}
