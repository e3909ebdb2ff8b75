import { randomUUID } from 'node:crypto';
import type { EntryResult, LeaseExtension, ReceiveOptions, SendResult } from '../../queue/queue.js';
import type { ReceivedMessage, WireMessage } from '../../queue/wire-message.js';
import { Deduplication } from './deduplication.js';
import { findLease } from './lease-rules.js';
import type { ResolvedMemoryQueueOptions } from './memory-queue-options.js';
import { leasedMessage, type MessageSnapshot, toSnapshot } from './message-snapshot.js';
import { findMessageFault } from './message-rules.js';
import { MessageStore, type StoredMessage } from './message-store.js';

const DONE: EntryResult = Object.freeze({ ok: true });

/** Holds the messages of a queue in memory, and carries out one entry of each verb by the clock. */
export class QueueContent {
  private readonly store: MessageStore;
  private readonly deduplication = new Deduplication();

  constructor(private readonly options: ResolvedMemoryQueueOptions) {
    this.store = new MessageStore(options.fifo);
  }

  /** Stores a message that the queue accepts. */
  send(message: WireMessage): SendResult {
    const error = findMessageFault(message, this.options);
    if (error !== undefined) return { ok: false, error };
    const { fifo, clock, delaySeconds } = this.options;
    const now = clock.now();
    const known = fifo ? this.deduplication.find(message, now) : undefined;
    if (known !== undefined) return { ok: true, id: known };
    const id = randomUUID();
    this.store.add({
      id,
      message: { ...message, body: message.body as string, attributes: { ...message.attributes } },
      sentAt: now,
      receiveCount: 0,
      visibleAt: now + (message.delaySeconds ?? delaySeconds) * 1000,
      inHand: false,
      receipt: undefined,
      receivedAt: 0,
    });
    if (fifo) this.deduplication.remember(message, id, now);
    return { ok: true, id };
  }

  /** Leases visible messages. Moves messages away that were received too often. */
  take({ max, visibilityTimeoutSeconds }: ReceiveOptions): ReceivedMessage[] {
    const now = this.options.clock.now();
    const visibleAt = now + visibilityTimeoutSeconds * 1000;
    return this.store.lease({ max, now, visibleAt, takeAway: (stored) => this.moveAway(stored) }).map(leasedMessage);
  }

  drop(verb: 'acknowledge' | 'discard', { receipt }: ReceivedMessage): EntryResult {
    const { stored, error } = findLease({ verb, receipt }, this.store, this.options);
    if (error !== undefined) return { ok: false, error };
    if (stored !== undefined) this.store.delete(stored.id);
    return DONE;
  }

  changeVisibility(verb: 'release' | 'extend', { message, seconds }: LeaseExtension): EntryResult {
    const { stored, error } = findLease({ verb, receipt: message.receipt, seconds }, this.store, this.options);
    if (error !== undefined) return { ok: false, error };
    if (stored === undefined) return DONE;
    stored.visibleAt = this.options.clock.now() + seconds * 1000;
    stored.inHand = verb === 'extend';
    return DONE;
  }

  /** Takes over a message of another queue, visible at once. */
  adopt(stored: StoredMessage): void {
    this.store.add({ ...stored, receipt: undefined, inHand: false, visibleAt: 0 });
  }

  snapshots(): MessageSnapshot[] {
    const now = this.options.clock.now();
    return [...this.store.all()].map((stored) => toSnapshot(stored, now));
  }

  get isEmpty(): boolean {
    return this.store.size === 0;
  }

  /** True if no message is in hand, and none can be received now. */
  get isIdle(): boolean {
    return !this.store.hasWork(this.options.clock.now());
  }

  /** Returns the time at which the next hidden message becomes visible, in ms since the epoch. */
  nextVisibleAt(): number | undefined {
    return this.store.nextVisibleAt(this.options.clock.now());
  }

  private moveAway(stored: StoredMessage): boolean {
    const { redrive } = this.options;
    if (redrive === undefined || stored.receiveCount < redrive.maxReceiveCount) return false;
    redrive.deadLetterQueue.adopt(stored);
    return true;
  }
}
