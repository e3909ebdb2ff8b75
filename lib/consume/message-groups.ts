import { type Clock, sleep } from '../queue/clock.js';
import type { MessageReceiver } from '../queue/queue.js';
import type { DeliveryInHand } from './delivery.js';
import { FailedGroups } from './failed-groups.js';
import { comesBack, isLastReceive } from './redrive.js';
import type { MessageSlots } from './message-slots.js';
import { WaitingSlots } from './waiting-slots.js';

/** Handles and releases deliveries for {@link MessageGroups}. */
export interface DeliveryWorker {
  /** Handles a delivery to its end and sets `gone` or `visibleAt`. Never rejects. */
  handle(delivery: DeliveryInHand): Promise<void>;
  /** Gives back a delivery that has not started. Never rejects. */
  release(delivery: DeliveryInHand): Promise<void>;
}

export interface MessageGroupsParts {
  readonly queue: Pick<MessageReceiver, 'features' | 'limits' | 'redrive'>;
  readonly clock: Clock;
  /** The slots of running deliveries. */
  readonly slots: MessageSlots;
  readonly worker: DeliveryWorker;
  /** Deliveries after which a failing message is rejected; `Infinity` without a limit. */
  readonly maxReceives: number;
  readonly waitTimeSeconds: number;
  readonly visibilityTimeoutSeconds: number;
}

/** Time in ms for a receive of any worker to let the queue move a message that has no receive left. */
const MOVED_AFTER_MS = 1_000;

/** State that only a FIFO queue needs. */
interface FifoState {
  readonly waitingSlots: WaitingSlots;
  readonly failed: FailedGroups;
}

/**
 * Keeps the order of a FIFO queue: it runs one message of a group at a time, and different groups
 * side by side. When a message fails, it releases the messages that wait behind the failed one. The
 * queue locks the group until the failed message is visible again.
 *
 * If the failed message cannot come back, because the queue moves it at its next receive, it keeps
 * the messages behind it that could not come back either, and runs them soon.
 *
 * On a standard queue it starts every delivery at once and keeps no state.
 */
export class MessageGroups {
  private readonly fifo: FifoState | undefined;
  private readonly waiting = new Map<string, DeliveryInHand[]>();
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
  push(delivery: DeliveryInHand): void {
    if (this.closed) void this.releaseOne(delivery);
    else if (this.fifo) this.enqueue(delivery, this.fifo);
    else void this.runAlone(delivery);
  }

  /**
   * Releases the deliveries that wait, except those whose last receive this is and those before them
   * in their group. Deliveries that come later run.
   */
  drain(): void {
    for (const waiting of this.waiting.values()) this.releaseWaiting(waiting, undefined, this.countKept(waiting));
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

  private async runAlone(delivery: DeliveryInHand): Promise<void> {
    await this.parts.worker.handle(delivery);
    this.parts.slots.settled(delivery);
  }

  private enqueue(delivery: DeliveryInHand, { waitingSlots, failed }: FifoState): void {
    const group = groupOf(delivery);
    const waiting = this.waiting.get(group);
    if (!waiting) {
      failed.received(group, delivery.message);
      return void this.runGroup(group, delivery);
    }
    failed.behind(group, delivery.message);
    waiting.push(delivery);
    waitingSlots.enter();
  }

  private async runGroup(group: string, first: DeliveryInHand): Promise<void> {
    const waiting: DeliveryInHand[] = [];
    this.waiting.set(group, waiting);
    for (let delivery: DeliveryInHand | undefined = first; delivery; delivery = waiting.shift()) {
      await this.parts.worker.handle(delivery);
      this.noteEnd(group, delivery);
      if (delivery.gone) this.releaseStale(waiting, delivery);
      else await this.stopGroup(waiting, delivery);
      // The next delivery of the group takes over the slot of this one.
      if (waiting.length > 0) this.fifo?.waitingSlots.leave();
      else this.parts.slots.release(1);
    }
    this.waiting.delete(group);
  }

  /**
   * Releases later deliveries of a removed message. The queue handed it out again before it was removed,
   * so its handlers would run a second time, and behind later messages of the group.
   */
  private releaseStale(waiting: DeliveryInHand[], { message }: DeliveryInHand): void {
    for (let at = waiting.length - 1; at >= 0; at -= 1) {
      if (waiting[at]!.message.id !== message.id) continue;
      for (const stale of waiting.splice(at, 1)) void this.releaseOne(stale, this.fifo?.waitingSlots);
    }
  }

  /**
   * Releases the deliveries behind a failed one. It keeps those whose last receive this is, and those
   * before them, if the failed message cannot come back either. They run soon, when a receive has let
   * the queue move the failed message. After a lost lease its handler may still run, so they are kept
   * only if the failed message has left the queue: any receiver could run them then.
   */
  private async stopGroup(waiting: DeliveryInHand[], failed: DeliveryInHand): Promise<void> {
    const { queue, clock } = this.parts;
    const { lost } = failed.lease;
    const comesNoMore = lost ? hasLeft(failed, waiting) : isLastReceive(failed.message, queue.redrive);
    const kept = comesNoMore ? this.countKept(waiting) : 0;
    this.releaseWaiting(waiting, failed, kept);
    if (kept > 0 && !lost) await sleep(clock, MOVED_AFTER_MS);
  }

  /** Counts the waiting deliveries that may not be released, and those before them in their group. */
  private countKept(waiting: readonly DeliveryInHand[]): number {
    return waiting.findLastIndex(({ message }) => !comesBack(message, this.parts.queue.redrive)) + 1;
  }

  private noteEnd(group: string, { gone, visibleAt }: DeliveryInHand): void {
    const { clock, visibilityTimeoutSeconds } = this.parts;
    const failed = this.fifo?.failed;
    if (gone) failed?.gone(group);
    else if (visibleAt !== undefined) failed?.failed(group, visibleAt);
    else failed?.left(group, clock.now() + visibilityTimeoutSeconds * 1000);
  }

  /**
   * Releases the waiting deliveries after the first `kept`. The failed message itself may be among
   * them already, if the queue has handed it out again. Then it runs next, since a release would
   * waste a receive.
   */
  private releaseWaiting(waiting: DeliveryInHand[], failed?: DeliveryInHand, kept = 0): void {
    const again = waiting.findIndex(({ message }) => message.id === failed?.message.id);
    for (const delivery of waiting.splice(kept, (again < 0 ? waiting.length : again) - kept)) {
      void this.releaseOne(delivery, this.fifo?.waitingSlots);
    }
  }

  /** Releases a delivery, and then its waiting slot or slot. */
  private async releaseOne(delivery: DeliveryInHand, waitingSlots?: WaitingSlots): Promise<void> {
    this.fifo?.failed.behind(groupOf(delivery), delivery.message);
    await this.parts.worker.release(delivery);
    if (waitingSlots) waitingSlots.leave();
    else this.parts.slots.release(1);
  }
}

/**
 * Returns the group of a delivery. Messages of a FIFO queue without a group share one group, because
 * their order is unknown: some emulators return no group ids.
 */
function groupOf({ message }: DeliveryInHand): string {
  return message.groupId ?? '';
}

/**
 * True if a message has left the queue: another receive has returned a message behind it. The queue
 * locks a group while it holds an earlier message of it that is hidden, and else returns that first.
 */
function hasLeft({ message, lease }: DeliveryInHand, behind: readonly DeliveryInHand[]): boolean {
  const first = behind.find((delivery) => delivery.lease.since !== lease.since);
  return first !== undefined && first.message.id !== message.id;
}
