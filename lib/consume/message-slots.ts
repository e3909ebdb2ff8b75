import type { Clock } from '../queue/clock.js';
import type { MessageReceiver } from '../queue/queue.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import type { Delivery } from './delivery.js';
import { Semaphore } from './semaphore.js';
import { WorkRate } from './work-rate.js';

export interface MessageSlotsParts {
  readonly queue: Pick<MessageReceiver, 'features' | 'limits'>;
  readonly clock: Clock;
  readonly concurrency: number;
}

/** Time in ms for which messages may wait in this process by expectation. */
const LONGEST_WAIT_MS = 1_000;
/** Messages in hand exceed what the measured times need by this share, since times vary. */
const RESERVE = 1.5;
/** Time in ms by which messages in hand exceed that, and the most messages of this reserve. */
const SLACK_MS = 50;
const MOST_SLACK = 10;
/** Longest time in ms of a receive and of an acknowledgement that is learned. A longer time is an outage. */
const LONGEST_REQUEST_MS = 300;
/** Weight of the latest time in the average. */
const NEWEST = 0.2;
/** Longest time in ms that an acknowledgement waits for others, and the rate from which it waits. */
const LONGEST_LINGER_MS = 20;
const LEAST_RATE_TO_LINGER = 0.05;
/** Limits the bytes of the bodies that wait beyond the handlers that run. */
const MOST_BYTES = 16_777_216;

/**
 * Slots of the messages in hand: those that a receive may return, that wait, whose handlers run, and
 * that are being settled. There are `concurrency` slots, and as many more as handlers would else wait
 * for the network: the measured rate of the handlers, times the measured time of a receive and an
 * acknowledgement (Little's law). Slow handlers get no more slots. A message waits in this process
 * for at most a second by expectation.
 *
 * A queue with an order, or one whose messages are in this process already, has `concurrency` slots.
 */
export class MessageSlots extends Semaphore {
  private readonly rate: WorkRate;
  private readonly grows: boolean;
  private readonly batch: number;
  private receiveMs = 0;
  private settleMs = 0;
  private bodyBytes = 0;
  /** Messages whose handlers have ended. */
  private settling = 0;

  constructor(private readonly parts: MessageSlotsParts) {
    super(parts.concurrency);
    const { features, limits } = parts.queue;
    this.rate = new WorkRate(parts.clock, parts.concurrency);
    this.grows = features.leases && !features.ordered;
    this.batch = limits.batchEntries;
  }

  /**
   * Time in ms for which an acknowledgement may wait for others, so that requests are full. 0 unless
   * all handlers are busy.
   */
  lingerMs(): number {
    const { grows, batch, total } = this;
    if (!grows || this.rate.unfinished < Math.min(batch, total)) return 0;
    const rate = this.rate.perMs();
    return rate < LEAST_RATE_TO_LINGER ? 0 : Math.min(LONGEST_LINGER_MS, Math.ceil(batch / rate));
  }

  /** Notes a receive that took `ms`. Only a full one shows how long the queue takes to answer. */
  received(messages: readonly ReceivedMessage[], isFull: boolean, ms: number): void {
    if (!this.grows || !isFull) return;
    this.receiveMs = average(this.receiveMs, Math.min(ms, LONGEST_REQUEST_MS));
    this.bodyBytes = average(
      this.bodyBytes,
      messages.reduce((sum, { body }) => sum + body.length, 0) / messages.length,
    );
  }

  /** Notes a message that begins to be handled. */
  began(): void {
    if (this.grows) this.rate.begin();
  }

  /** Notes that the handlers of a message have ended, once. It keeps its slot until it is settled. */
  ended(delivery: Delivery): void {
    if (!this.grows || delivery.endedAt !== undefined) return;
    this.rate.end();
    this.settling += 1;
    delivery.endedAt = this.parts.clock.now();
    this.wakeNext();
  }

  /** Frees the slot of a message that was settled. */
  settled(delivery: Delivery): void {
    if (delivery.endedAt !== undefined) this.learnSettling(delivery, delivery.endedAt);
    this.release(1);
  }

  /** Waits for slots for a whole receive, unless handlers have no work and none is on its way. */
  override mayTake(max: number): boolean {
    const { available, grows, batch, total, held, settling } = this;
    if (!grows) return available > 0;
    return available >= Math.min(max, batch) || (available > 0 && held - settling < total);
  }

  protected override capacity(): number {
    return this.total + this.waiting();
  }

  private learnSettling({ gone }: Delivery, endedAt: number): void {
    this.settling -= 1;
    if (!gone) return;
    const ms = this.parts.clock.now() - endedAt;
    this.settleMs = average(this.settleMs, Math.min(ms, LONGEST_REQUEST_MS));
  }

  /** Returns the number of messages that wait so that handlers need not wait. */
  private waiting(): number {
    const rate = this.grows ? this.rate.perMs() : 0;
    if (rate === 0) return 0;
    const needed = rate * (this.receiveMs + this.settleMs) * RESERVE + Math.min(MOST_SLACK, rate * SLACK_MS);
    const most = Math.min(rate * LONGEST_WAIT_MS, MOST_BYTES / Math.max(1, this.bodyBytes));
    return Math.floor(Math.min(needed, most));
  }
}

function average(sofar: number, ms: number): number {
  return sofar === 0 ? ms : sofar + (ms - sofar) * NEWEST;
}
