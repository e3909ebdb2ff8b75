import { randomUUID } from 'node:crypto';
import type { Clock } from '#lib/queue/clock.js';
import { md5OfAttributes, md5OfBody } from '#lib/carriers/sqs/message-md5.js';
import { ReceiveWaiters } from '#lib/queue/receive-waiters.js';
import { contentId, DeduplicationWindow } from './deduplication-window.js';
import { FifoShelf } from './fifo-shelf.js';
import { HiddenMessages } from './hidden-messages.js';
import type { Delivery, Draft, MessageState, Shelf, StoredMessage } from './model.js';
import type { MoveRecord } from './move-actions.js';
import { handleOf } from './receipt-handles.js';
import type { QueueSettings } from './queue-settings.js';
import { ReceiveAttempts } from './receive-attempts.js';
import { StandardShelf } from './standard-shelf.js';

/** Provides the parts of the server that a queue needs. */
export interface Surroundings {
  readonly clock: Clock;
  readonly find: (name: string) => QueueState | undefined;
  readonly onStored: (queue: QueueState, message: StoredMessage) => void;
}

const DEFAULT_RETENTION_SECONDS = 4 * 24 * 3600;

/** The messages of one queue: where each is, and who may have it next. Requests and their checks are elsewhere. */
export class QueueState {
  readonly fifo: boolean;
  readonly createdAt: number;
  readonly counts = { visible: 0, delayed: 0, 'in-flight': 0 };
  readonly attempts = new ReceiveAttempts();
  readonly waiters: ReceiveWaiters<Delivery>;
  settings: QueueSettings;
  purgedAt = -Infinity;
  /** Oldest first. */
  readonly moves: MoveRecord[] = [];
  private readonly messages = new Map<string, StoredMessage>();
  private readonly shelf: Shelf;
  private readonly hidden = new HiddenMessages();
  private readonly deduplication: DeduplicationWindow;
  private deliveries = 0;
  private sequence = 0;

  constructor(
    readonly name: string,
    readonly arn: string,
    settings: QueueSettings,
    private readonly around: Surroundings,
  ) {
    this.fifo = name.endsWith('.fifo');
    this.settings = settings;
    this.createdAt = around.clock.now();
    this.shelf = this.fifo ? new FifoShelf() : new StandardShelf(settings.shuffle);
    this.deduplication = new DeduplicationWindow(settings.deduplicationPerGroup ?? false);
    this.waiters = new ReceiveWaiters(around.clock, () => this.hidden.next());
  }

  /** Stores a message that was checked, or finds the one it repeats. Whoever waits is served when the whole request is done. */
  send(draft: Draft): { readonly id: string; readonly sequenceNumber: string | undefined } {
    const now = this.around.clock.now();
    const { delaySeconds, ...content } = draft;
    const deduplicationId = this.deduplicationIdOf(draft);
    const groupId = draft.groupId ?? '';
    const first = deduplicationId && this.deduplication.find(deduplicationId, groupId, now);
    if (first) return first;
    const message: StoredMessage = {
      ...content,
      ...(deduplicationId !== undefined && { deduplicationId, sequenceNumber: this.nextSequence() }),
      id: randomUUID(),
      bodyMd5: md5OfBody(draft.body),
      ...(Object.keys(draft.attributes).length > 0 && { attributesMd5: md5OfAttributes(draft.attributes) }),
      sentAt: now,
      ...blank(now + 1000 * (delaySeconds ?? this.settings.delaySeconds ?? 0)),
    };
    const answer = { id: message.id, sequenceNumber: message.sequenceNumber };
    if (deduplicationId !== undefined) this.deduplication.remember(deduplicationId, groupId, answer, now);
    this.store(message);
    return answer;
  }

  /** Takes a message that another queue gave up: whole, with its count; FIFO queues start its retention anew. */
  adopt(message: StoredMessage, source: string): void {
    const now = this.around.clock.now();
    this.store({
      ...message,
      ...blank(now),
      sentAt: this.fifo ? now : message.sentAt,
      deadLetterSource: source,
      receiveCount: message.receiveCount,
      firstReceivedAt: message.firstReceivedAt,
      ...(this.fifo && { sequenceNumber: this.nextSequence() }),
    });
    this.waiters.serve();
  }

  /** Hands out up to `max` messages. What was received too often goes to the dead-letter queue instead. */
  take(max: number, visibilityTimeoutSeconds: number): Delivery[] {
    this.wake();
    const now = this.around.clock.now();
    const taken: StoredMessage[] = [];
    const given: StoredMessage[] = [];
    const { target, maxReceiveCount } = this.redrive();
    for (const message of this.shelf.visible()) {
      if (this.isExpired(message, now)) {
        this.drop(message);
      } else if (message.receiveCount >= maxReceiveCount) {
        this.drop(message);
        given.push(message);
      } else {
        this.handOut(message, now);
        taken.push(message);
        if (taken.length === max) break;
      }
    }
    for (const message of taken) this.hideUntil(message, now + 1000 * visibilityTimeoutSeconds);
    for (const message of given) target?.adopt(message, this.arn);
    return taken.map((message) => this.deliver(message));
  }

  get(id: string): StoredMessage | undefined {
    return this.messages.get(id);
  }

  /** Every message that is in the queue now, oldest first. */
  all(): StoredMessage[] {
    this.wake();
    return [...this.messages.values()];
  }

  deliver(message: StoredMessage): Delivery {
    return { message, handle: handleOf(this.arn, message), receiveCount: message.receiveCount };
  }

  /** Hides a message from now until a moment; one that is over makes it visible. */
  hideUntil(message: StoredMessage, at: number): void {
    this.change(message, 'in-flight');
    this.showAt(message, at);
  }

  acknowledge(message: StoredMessage): void {
    message.removedAt = this.around.clock.now();
    this.drop(message);
  }

  /** Takes a message away. */
  drop(message: StoredMessage): void {
    this.change(message, 'gone');
    this.messages.delete(message.id);
    this.shelf.left(message);
  }

  /** Brings what is due onto the shelf. */
  wake(): void {
    const now = this.around.clock.now();
    for (let due = this.hidden.takeDue(now); due !== undefined; due = this.hidden.takeDue(now)) this.show(due);
  }

  private deduplicationIdOf({ deduplicationId, body }: Draft): string | undefined {
    return this.fifo ? (deduplicationId ?? contentId(body)) : undefined;
  }

  /** The dead-letter queue, and after how many receives a message goes there; never where there is none. */
  private redrive(): { readonly target: QueueState | undefined; readonly maxReceiveCount: number } {
    const policy = this.settings.redrive;
    const target = policy && this.around.find(policy.target);
    return { target, maxReceiveCount: target === undefined ? Infinity : policy!.maxReceiveCount };
  }

  private isExpired({ sentAt }: StoredMessage, now: number): boolean {
    return now - sentAt >= 1000 * (this.settings.retentionSeconds ?? DEFAULT_RETENTION_SECONDS);
  }

  private handOut(message: StoredMessage, now: number): void {
    message.receiveCount += 1;
    message.receivedAt = now;
    message.firstReceivedAt ??= now;
    message.delivery = ++this.deliveries;
    this.change(message, 'in-flight');
  }

  private store(message: StoredMessage): void {
    this.messages.set(message.id, message);
    this.counts[message.state as 'delayed'] += 1;
    this.shelf.join(message);
    this.showAt(message, message.visibleAt);
    this.around.onStored(this, message);
  }

  private showAt(message: StoredMessage, at: number): void {
    message.visibleAt = at;
    if (at <= this.around.clock.now()) this.show(message);
    else this.hidden.add(message);
  }

  private show(message: StoredMessage): void {
    this.change(message, 'visible');
    this.shelf.put(message);
  }

  private change(message: StoredMessage, state: MessageState): void {
    if (message.state !== 'gone') this.counts[message.state] -= 1;
    if (state !== 'gone') this.counts[state] += 1;
    message.state = state;
    message.version += 1;
  }

  private nextSequence(): string {
    this.sequence += 1;
    return `188${String(this.sequence).padStart(17, '0')}`;
  }
}

/** Lists the messages that were never received. */
function blank(
  visibleAt: number,
): Pick<
  StoredMessage,
  'state' | 'version' | 'visibleAt' | 'receiveCount' | 'firstReceivedAt' | 'receivedAt' | 'delivery' | 'removedAt'
> {
  return {
    state: 'delayed',
    version: 0,
    visibleAt,
    receiveCount: 0,
    firstReceivedAt: undefined,
    receivedAt: 0,
    delivery: 0,
    removedAt: undefined,
  };
}
