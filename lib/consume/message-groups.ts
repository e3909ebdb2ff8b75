import { setNewest } from '../common/newest-entries.js';
import type { Clock } from '../queue/clock.js';
import type { MessageReceiver, RedrivePolicy } from '../queue/queue.js';
import type { Delivery } from './delivery.js';
import type { Semaphore } from './semaphore.js';
import { WaitingSlots } from './waiting-slots.js';

/** Handles and releases deliveries for {@link MessageGroups}. */
export interface DeliveryWorker {
  /** Handles a delivery to its end and sets `gone` or `visibleAt`. Never rejects. */
  handle(delivery: Delivery): Promise<void>;
  /** Gives back a delivery that has not started. Never rejects. */
  release(delivery: Delivery): Promise<void>;
}

export interface MessageGroupsParts {
  readonly queue: Pick<MessageReceiver, 'features' | 'limits' | 'redrive'>;
  readonly clock: Clock;
  /** The slots of running deliveries. */
  readonly slots: Semaphore;
  readonly worker: DeliveryWorker;
  /** Deliveries after which a failing message is rejected; `Infinity` without a limit. */
  readonly maxReceives: number;
  readonly waitTimeSeconds: number;
  readonly visibilityTimeoutSeconds: number;
}

/**
 * Keeps the order of a FIFO queue: it runs one message of a group at a time, and different groups
 * side by side. When a message fails, it releases the messages that wait behind the failed one. The
 * queue locks the group until the failed message is visible again.
 *
 * On a standard queue it starts every delivery at once and keeps no state.
 */
export class MessageGroups {
  private readonly fifo: { readonly waitingSlots: WaitingSlots; readonly failed: FailedGroups } | undefined;
  private readonly waiting = new Map<string, Delivery[]>();
  private closed = false;

  constructor(private readonly parts: MessageGroupsParts) {
    const { queue, slots, maxReceives } = parts;
    if (!queue.features.ordered) return;
    this.fifo = { waitingSlots: new WaitingSlots(slots), failed: new FailedGroups(queue.redrive, maxReceives) };
  }

  /** Largest number of messages that a receive may request now. */
  get receiveSize(): number {
    const { queue, clock, waitTimeSeconds } = this.parts;
    const { batchEntries } = queue.limits;
    if (!this.fifo) return batchEntries;
    const { failed, waitingSlots } = this.fifo;
    return Math.min(waitingSlots.receiveSize, failed.mayCome(clock.now(), waitTimeSeconds * 1000) ? 1 : batchEntries);
  }

  /** Reserves for a receive of `count` messages, which already has `count` slots. */
  reserve(count: number): void {
    this.fifo?.waitingSlots.reserve(count);
  }

  /** Ends a reservation, after the receive was answered. */
  arrived(reserved: number): void {
    this.fifo?.waitingSlots.arrived(reserved);
  }

  /** Runs a delivery, which holds a slot, now or after the deliveries before it. */
  push(delivery: Delivery): void {
    const group = groupOf(delivery);
    this.fifo?.failed.received(group);
    if (this.closed) void this.releaseOne(delivery);
    else if (this.fifo) this.enqueue(group, delivery, this.fifo.waitingSlots);
    else void this.runAlone(delivery);
  }

  /** Releases every delivery that has not started, now and later. Running deliveries go on. */
  close(): void {
    this.closed = true;
    for (const group of this.waiting.values()) this.releaseWaiting(group);
  }

  /** Resolves when no delivery is in hand. Call it after the last receive. */
  async whenIdle(): Promise<void> {
    await this.parts.slots.whenIdle();
    await this.fifo?.waitingSlots.whenEmpty();
  }

  private async runAlone(delivery: Delivery): Promise<void> {
    await this.parts.worker.handle(delivery);
    this.parts.slots.release(1);
  }

  private enqueue(group: string, delivery: Delivery, waitingSlots: WaitingSlots): void {
    const waiting = this.waiting.get(group);
    if (!waiting) return void this.runGroup(group, delivery);
    waiting.push(delivery);
    waitingSlots.enter();
  }

  private async runGroup(group: string, first: Delivery): Promise<void> {
    const waiting: Delivery[] = [];
    this.waiting.set(group, waiting);
    for (let delivery: Delivery | undefined = first; delivery; delivery = waiting.shift()) {
      await this.parts.worker.handle(delivery);
      this.noteEnd(group, delivery);
      if (!delivery.gone) this.releaseWaiting(waiting, delivery);
      // The next delivery of the group takes over the slot of this one.
      if (waiting.length > 0) this.fifo?.waitingSlots.leave();
      else this.parts.slots.release(1);
    }
    this.waiting.delete(group);
  }

  private noteEnd(group: string, { gone, visibleAt }: Delivery): void {
    const { clock, visibilityTimeoutSeconds } = this.parts;
    const failed = this.fifo?.failed;
    if (gone) failed?.gone(group);
    else if (visibleAt !== undefined) failed?.failed(group, visibleAt);
    else failed?.left(group, clock.now() + visibilityTimeoutSeconds * 1000);
  }

  /**
   * Releases the deliveries that wait behind a failed one. The failed message itself may be among
   * them already, if the queue has handed it out again. Then it runs next, since a release would
   * waste a receive.
   */
  private releaseWaiting(waiting: Delivery[], failed?: Delivery): void {
    const again = waiting.findIndex(({ message }) => message.id === failed?.message.id);
    for (const delivery of waiting.splice(0, again < 0 ? waiting.length : again)) {
      void this.releaseOne(delivery, this.fifo?.waitingSlots);
    }
  }

  /** Releases a delivery, and then its waiting slot or slot. */
  private async releaseOne(delivery: Delivery, waitingSlots?: WaitingSlots): Promise<void> {
    this.fifo?.failed.released(groupOf(delivery), delivery.message.receiveCount);
    await this.parts.worker.release(delivery);
    if (waitingSlots) waitingSlots.leave();
    else this.parts.slots.release(1);
  }
}

/**
 * Returns the group of a delivery. Messages of a FIFO queue without a group share one group, because
 * their order is unknown: some emulators return no group ids.
 */
function groupOf({ message }: Delivery): string {
  return message.groupId ?? '';
}

/** Time in ms after which an overdue message is assumed to be gone, or with another receiver. */
const LATE_MS = 30_000;
/** Largest number of failed groups to remember. */
const MAX_GROUPS = 1_000;
/** The `maxReceiveCount` to assume if the redrive policy is unknown. SQS's console sets this value. */
const USUAL_RECEIVES = 10;

/** A group whose first message failed. */
interface GroupFailure {
  /** When the message is visible again. Undefined while a delivery of it is in hand. */
  dueAt: number | undefined;
  /** Highest receive count of a message behind it that never ran. */
  receives: number;
}

/**
 * Remembers the message groups whose first message failed. A receive that returns such a message
 * returns messages behind it too, which are released when it fails again. Those messages could reach
 * the limit of receives before they ever run. So a receive requests only one message, once a waiting
 * message is halfway to that limit and the failed message may be due.
 */
export class FailedGroups {
  private readonly groups = new Map<string, GroupFailure>();
  private readonly halfway: number;

  constructor(redrive: RedrivePolicy | 'unknown' | undefined, maxReceives: number) {
    const ofQueue = redrive === 'unknown' ? USUAL_RECEIVES : (redrive?.maxReceiveCount ?? Infinity);
    this.halfway = Math.max(1, Math.floor(Math.min(ofQueue, maxReceives) / 2));
  }

  /** Notes that the first message of a group failed and is visible again at `dueAt`. */
  failed(group: string, dueAt: number): void {
    const { receives } = this.groups.get(group) ?? { receives: 0 };
    setNewest(this.groups, group, { dueAt, receives }, MAX_GROUPS);
  }

  /** Notes that a message behind the failed one was released. */
  released(group: string, receiveCount: number): void {
    const failure = this.groups.get(group);
    if (failure) failure.receives = Math.max(failure.receives, receiveCount);
  }

  /** Notes that a message of the group is in hand. The queue locks the group until it is settled. */
  received(group: string): void {
    const failure = this.groups.get(group);
    if (failure) failure.dueAt = undefined;
  }

  /** Notes that the message left without a settlement, and is visible again by `dueAt`. */
  left(group: string, dueAt: number): void {
    const failure = this.groups.get(group);
    if (failure) failure.dueAt ??= dueAt;
  }

  /** Forgets the group: its first message has left the queue. */
  gone(group: string): void {
    this.groups.delete(group);
  }

  /** True if a receive open from `now` for `ms` may return a message that should come alone. */
  mayCome(now: number, ms: number): boolean {
    for (const [group, { dueAt = now }] of this.groups) if (now > dueAt + LATE_MS) this.groups.delete(group);
    return [...this.groups.values()].some(({ dueAt = now, receives }) => receives >= this.halfway && dueAt <= now + ms);
  }
}
