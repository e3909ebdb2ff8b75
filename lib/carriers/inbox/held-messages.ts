import type { Clock } from '../../queue/clock.js';
import { RetrySchedule } from '../../queue/retry-schedule.js';
import type { Defect, ReceivedMessage } from '../../queue/wire-message.js';
import type { Arrival } from './arrival.js';

/** A message of an inbox, from its arrival to its end. */
export interface HeldMessage {
  readonly id: string;
  readonly arrival: Arrival;
  receiveCount: number;
  /** True from a delivery until the message is released or ended. */
  isInHand: boolean;
  /** Clock time in ms of the first delivery that counted. */
  firstReceivedAt: number | undefined;
  /** True once the time for retries is over. The next delivery is for the poison policy. */
  isExpired: boolean;
}

interface HeldMessagesParts {
  readonly clock: Clock;
  readonly maxRetryMs: number;
}

/** Keeps the messages of an inbox in their states: ready, in hand, and waiting for a retry. */
export class HeldMessages {
  private readonly held = new Map<string, HeldMessage>();
  private readonly ready: HeldMessage[] = [];
  private readonly retries: RetrySchedule<HeldMessage>;
  private heldBytes = 0;

  /** @param arrived learns that a message has become ready by itself */
  constructor(
    private readonly parts: HeldMessagesParts,
    arrived: () => void,
  ) {
    this.retries = new RetrySchedule(parts.clock, (due) => {
      this.ready.push(...due);
      arrived();
    });
  }

  get size(): number {
    return this.held.size;
  }

  get bytes(): number {
    return this.heldBytes;
  }

  get(id: string): HeldMessage | undefined {
    return this.held.get(id);
  }

  add(id: string, arrival: Arrival): void {
    const held: HeldMessage = {
      id,
      arrival,
      receiveCount: 0,
      isInHand: false,
      firstReceivedAt: undefined,
      isExpired: false,
    };
    this.held.set(id, held);
    this.heldBytes += bytesOf(arrival);
    this.ready.push(held);
  }

  /** Removes a message that is in hand. */
  delete({ id, arrival }: HeldMessage): void {
    this.held.delete(id);
    this.heldBytes -= bytesOf(arrival);
  }

  /** Hands out up to `max` ready messages, the longest wait first. */
  take(max: number): readonly ReceivedMessage[] {
    return this.ready.splice(0, max).map((held) => this.deliver(held));
  }

  /** Returns a message that no handler saw to the head. Its delivery does not count. */
  putBack(held: HeldMessage): void {
    held.isInHand = false;
    held.receiveCount -= 1;
    if (held.receiveCount === 0) held.firstReceivedAt = undefined;
    this.ready.unshift(held);
  }

  /**
   * Makes a failed message ready after `seconds`, or when its time for retries is over. False if the
   * message has had that time twice, since the poison policy could not act on it.
   */
  retry(held: HeldMessage, seconds: number): boolean {
    const { clock, maxRetryMs } = this.parts;
    const now = clock.now();
    const expiresAt = held.firstReceivedAt! + maxRetryMs * (held.isExpired ? 2 : 1);
    if (held.isExpired && now >= expiresAt) return false;
    const dueAt = Math.min(now + seconds * 1000, Math.max(now, expiresAt));
    if (dueAt >= expiresAt) held.isExpired = true;
    held.isInHand = false;
    this.retries.add([held], dueAt - now);
    return true;
  }

  /** Hands out every message, whatever its state. */
  takeRest(): readonly ReceivedMessage[] {
    this.retries.takeAll();
    this.ready.length = 0;
    return [...this.held.values()].map((held) => this.deliver(held));
  }

  private deliver(held: HeldMessage): ReceivedMessage {
    const { id, arrival, isExpired } = held;
    const now = this.parts.clock.now();
    held.isInHand = true;
    held.receiveCount += 1;
    held.firstReceivedAt ??= now;
    return {
      id,
      body: arrival.body,
      attributes: arrival.attributes ?? (Object.create(null) as Record<string, string>),
      ...(arrival.groupId !== undefined && { groupId: arrival.groupId }),
      receiveCount: held.receiveCount,
      receivedAt: now,
      receipt: id,
      ...(isExpired && { defect: this.expired() }),
      raw: arrival.raw,
    };
  }

  private expired(): Defect {
    const { maxRetryMs } = this.parts;
    return { reason: 'expired', detail: `the message has failed for ${maxRetryMs / 1000} s (maxRetrySeconds)` };
  }
}

function bytesOf({ body, bytesBeside = 0 }: Arrival): number {
  return body.byteLength + bytesBeside;
}
