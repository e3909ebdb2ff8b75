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
/** Messages in hand exceed what the least times need by this factor, since times vary. */
const RESERVE = 2;
/** Time in ms of work that is received in addition. */
const SLACK_MS = 50;
/** Most messages of `SLACK_MS`: two receives. */
const MOST_SLACK = 20;
/** Longest time in ms of a receive and of an acknowledgement that is learned. A longer time is an outage. */
const LONGEST_REQUEST_MS = 300;
/** Longest time in ms that an acknowledgement waits for others. */
const LONGEST_LINGER_MS = 20;
/** Messages a millisecond from which acknowledgements wait. */
const LEAST_RATE_TO_LINGER = 0.05;
/**
 * Receives whose messages may wait for the end of their settlement. A queue that takes acknowledgements
 * slower than handlers end would else leave messages without a lease.
 */
const MOST_SETTLING = 64;
/** Most large bodies for each slot that lend their message slots. */
const MOST_LENT = 10;
/** Most bytes of these bodies together. */
const MOST_LENT_BYTES = 4_194_304;
/** Limits the bytes of the bodies that wait beyond the handlers that run. */
const MOST_BYTES = 16_777_216;

/**
 * Slots of the messages in hand: those that a receive may return, that wait, whose handlers run, and
 * that are being settled. A slot is acquired before a receive and freed after the settlement, so
 * back-pressure needs no other signal, and a stopping worker has drained when all slots are free.
 *
 * There are `concurrency` slots, and as many more as handlers would else wait for the network: twice
 * the measured rate of the handlers times the measured time of a receive and an acknowledgement
 * (Little's law), and up to 20. A message waits for at most a second at the measured rate.
 *
 * A queue with an order, or one whose messages are in this process already, has `concurrency` slots.
 *
 * A body that needs more than one time slice lends its slot to another message, so large bodies do not
 * hold up small ones.
 */
export class MessageSlots extends Semaphore {
  private readonly rate: WorkRate;
  private readonly grows: boolean;
  private readonly batch: number;
  private readonly receiveMs = new LeastTime();
  /** True if the last receive came back full. */
  private wasFull = false;
  private readonly settleMs = new LeastTime();
  private bodyBytes = 0;
  /** Messages whose handlers have ended. */
  private settling = 0;
  /** Messages that have lent their slots, and the bytes of their bodies. */
  private lent = 0;
  private lentBytes = 0;

  constructor(private readonly parts: MessageSlotsParts) {
    super(parts.concurrency);
    const { features, limits } = parts.queue;
    this.rate = new WorkRate(parts.clock, parts.concurrency);
    this.grows = features.leases && !features.ordered;
    this.batch = limits.batchEntries;
  }

  /**
   * Time in ms for which an acknowledgement may wait for others, so that requests are full. 0 unless
   * at least ten messages (or `concurrency`, if lower) are unfinished and handlers are fast.
   */
  lingerMs(): number {
    const { grows, batch, total } = this;
    if (!grows || this.rate.unfinished < Math.min(batch, total)) return 0;
    const rate = this.rate.perMs();
    return rate < LEAST_RATE_TO_LINGER ? 0 : Math.min(LONGEST_LINGER_MS, Math.ceil(batch / rate));
  }

  /**
   * Notes a receive that took `ms`. Only a full one behind a full one shows how long the queue takes to
   * answer: others may have waited for messages.
   */
  received(messages: readonly ReceivedMessage[], isFull: boolean, ms: number): void {
    const isLater = this.wasFull;
    this.wasFull = isFull;
    if (!this.grows || !isFull || !isLater) return;
    this.receiveMs.add(ms);
    const bytes = messages.reduce((sum, message) => sum + lengthOf(message), 0) / messages.length;
    this.bodyBytes = (this.bodyBytes * 3 + bytes) / 4;
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

  /**
   * Lets another message use the slot of a large body, up to a limit: each of them keeps its calls in
   * memory. On an ordered queue messages keep their slots.
   */
  lend(delivery: Delivery): void {
    const bytes = lengthOf(delivery.message);
    const isFull = this.lent >= this.total * MOST_LENT || this.lentBytes + bytes > MOST_LENT_BYTES;
    if (isFull || this.parts.queue.features.ordered) return;
    delivery.hasLentSlot = true;
    this.lent += 1;
    this.lentBytes += bytes;
    this.wakeNext();
  }

  /** Frees the slot of a message that was settled. */
  settled(delivery: Delivery): void {
    if (delivery.hasLentSlot) this.takeBack(delivery);
    if (delivery.endedAt !== undefined) this.learnSettling(delivery, delivery.endedAt);
    this.release(1);
  }

  /** Waits for slots for a whole receive, unless handlers have no work and none is on its way. */
  override grants(max: number): number {
    const { grows, batch, total, held, settling } = this;
    if (settling >= Math.max(total, MOST_SETTLING * batch)) return 0;
    const granted = super.grants(max);
    const isEnough = !grows || granted >= Math.min(max, batch) || held - settling - this.lent < total;
    return isEnough ? granted : 0;
  }

  protected override capacity(): number {
    return this.total + this.lent + this.waiting();
  }

  private takeBack(delivery: Delivery): void {
    delivery.hasLentSlot = false;
    this.lent -= 1;
    this.lentBytes -= lengthOf(delivery.message);
  }

  private learnSettling({ gone }: Delivery, endedAt: number): void {
    this.settling -= 1;
    if (gone) this.settleMs.add(this.parts.clock.now() - endedAt);
  }

  /** Returns the number of messages that wait so that handlers need not wait. */
  private waiting(): number {
    const rate = this.grows ? this.rate.perMs() : 0;
    if (rate === 0) return 0;
    const needed =
      rate * (this.receiveMs.value + this.settleMs.value) * RESERVE + Math.min(MOST_SLACK, rate * SLACK_MS);
    const most = Math.min(rate * LONGEST_WAIT_MS, MOST_BYTES / Math.max(1, this.bodyBytes));
    // Slow handlers lose nothing without a single message that waits, and another worker could handle it.
    return needed < 2 ? 0 : Math.floor(Math.min(needed, most));
  }
}

/** A carrier may have a defect, which must concern its message only. */
function lengthOf(message: Partial<ReceivedMessage> | null): number {
  const length: unknown = message?.body?.length;
  return typeof length === 'number' ? length : 0;
}

/** Number of times after which the least of them may be forgotten. */
const WINDOW = 64;

/**
 * Keeps the least of the last times. An average would grow with the messages in hand, since a busy
 * process reads answers late, and the messages in hand would grow with it.
 */
class LeastTime {
  private before = Infinity;
  private least = Infinity;
  private count = 0;

  add(ms: number): void {
    if (this.count === WINDOW) {
      this.before = this.least;
      this.least = Infinity;
      this.count = 0;
    }
    this.least = Math.min(this.least, ms);
    this.count += 1;
  }

  /** The least time in ms, at least 1; 0 before the first. */
  get value(): number {
    const least = Math.min(this.before, this.least);
    return least === Infinity ? 0 : Math.min(Math.max(1, least), LONGEST_REQUEST_MS);
  }
}
