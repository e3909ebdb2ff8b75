import { inRootContext } from '../common/root-context.js';
import { sleep } from '../queue/clock.js';
import { AdaptiveRateLimiter } from '../queue/adaptive-rate-limiter.js';
import { QueueError } from '../queue/queue-error.js';
import type { MessageReceiver } from '../queue/queue.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import type { MessageGroups } from './message-groups.js';
import type { MessageSlots } from './message-slots.js';
import { pauseAfterFailure } from './receive-failures.js';
import { reserveSlots } from './reserve-slots.js';
import { ReceiveTimes } from './receive-times.js';
import { StallDetector, type StallDetectorParts } from './stall-detector.js';
import { WatchedReceiver } from './watched-receiver.js';
import { sharedController } from '../queue/shared-signal.js';

/** Takes the messages that a poller receives. Each message holds a slot. */
export interface MessageIntake {
  /** Takes over a message of a receive that began at `since`, in ms of the clock. Must not throw. */
  accept(message: ReceivedMessage, since: number): void;
}

export interface PollerParts extends StallDetectorParts {
  readonly queue: MessageReceiver;
  readonly slots: MessageSlots;
  readonly groups: MessageGroups;
  readonly intake: MessageIntake;
  readonly waitTimeSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly maxPollers: number;
}

/** Messages of a receive, and the time at which it began. */
interface Received {
  readonly messages: readonly ReceivedMessage[];
  readonly since: number;
  readonly failed?: boolean;
}

/** Shortest time in ms of an empty receive with its pause. Some queues answer at once. */
const EMPTY_MS = 250;
/**
 * Receives while slots are free. Starts with one long poll and adds a loop, up to `maxPollers`, for
 * each full receive. Returns to one loop when a receive is empty or fails. After a failure it waits
 * and continues: it never ends by itself. One loop then asks without a long poll until a receive
 * succeeds, so that its state is known soon, even if others are still in a long poll. Receives run in
 * the async context of no caller. A pause ends the loops, and a resume starts one again, or keeps those
 * whose receives are still open.
 */
export class Poller {
  /** Aborts at a pause and at a stop. A resume replaces it. */
  private stopping = sharedController();
  private readonly loops = new Map<WatchedReceiver, Promise<void>>();
  /** Loops that will receive again. Their promises end later, so `loops` cannot be counted instead. */
  private active = 0;
  /** The loop that continues after its failed receive. */
  private tester: WatchedReceiver | undefined;
  private failures = 0;
  /** True once the poller was started. */
  hasBegun = false;
  readonly stallDetector: StallDetector;
  readonly times: ReceiveTimes;
  private readonly rateLimiter: AdaptiveRateLimiter;

  constructor(private readonly parts: PollerParts) {
    this.rateLimiter = new AdaptiveRateLimiter(parts.clock);
    this.stallDetector = new StallDetector(parts);
    this.times = new ReceiveTimes(parts.clock);
  }

  /** True from the start until the last receive has ended. */
  get isReceiving(): boolean {
    return this.loops.size > 0;
  }

  start(): void {
    this.hasBegun = true;
    this.add();
  }

  /** Receives again after {@link stop}. Loops whose receives are still open continue. */
  resume(): void {
    if (!this.stopping.signal.aborted) return;
    this.stopping = sharedController();
    if (this.active === 0) this.add();
  }

  /**
   * Starts no more receives. Resolves when the open receives have ended and their messages are
   * accepted, which a resume may put off. Aborts the open receives if the carrier allows it.
   */
  async stop(): Promise<void> {
    this.stopping.abort();
    if (this.parts.queue.features.abortableReceive) this.abortReceives();
    await Promise.all(this.loops.values());
  }

  /** Aborts the open receives. Messages that the queue already handed out stay hidden. */
  abort(): void {
    this.stopping.abort();
    this.abortReceives();
  }

  private abortReceives(): void {
    for (const receiver of this.loops.keys()) receiver.abort();
  }

  private add(): void {
    this.active += 1;
    const { queue, clock, report } = this.parts;
    const receiver = new WatchedReceiver(queue, clock, report);
    const ended = inRootContext(() => this.run(receiver)).finally(() => this.loops.delete(receiver));
    this.loops.set(receiver, ended);
  }

  private async run(loop: WatchedReceiver): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        if (!(await this.turn(loop))) return;
      } catch (error) {
        // A defect of the library or a carrier. Without polling the worker would look healthy and do nothing.
        await this.pauseAfter(error);
      }
    }
    this.active -= 1;
    if (this.tester === loop) this.tester = undefined;
  }

  /** Performs one receive. False if this loop has ended. */
  private async turn(loop: WatchedReceiver): Promise<boolean> {
    const { slots, groups } = this.parts;
    const reserved = await (slots.grants(groups.receiveSize) > 0
      ? this.reserve()
      : this.stallDetector.over(() => this.reserve()));
    if (reserved === 0) return true;
    const { messages, since, failed } = await this.receive(loop, reserved);
    if (failed) this.tester ??= loop;
    else if (this.tester === loop) this.tester = undefined;
    groups.arrived(reserved);
    slots.release(reserved - messages.length);
    this.accept(messages, since);
    if (messages.length === reserved) this.addWhileBusy();
    return messages.length > 0 || this.staysIdle(loop);
  }

  /** Hands over messages. A defect concerns one message only, whose slot is freed. */
  private accept(messages: readonly ReceivedMessage[], since: number): void {
    const { slots, intake } = this.parts;
    const defects = messages.flatMap((message) => {
      try {
        intake.accept(message, since);
        return [];
      } catch (defect) {
        slots.release(1);
        return [defect];
      }
    });
    if (defects.length > 0) throw defects[0];
  }

  /** Starts another loop while slots are free, up to `maxPollers` and the limit of the queue. */
  private addWhileBusy(): void {
    const { slots, groups, queue, maxPollers } = this.parts;
    const most = Math.min(maxPollers, queue.limits.receives ?? maxPollers);
    if (!this.stopping.signal.aborted && this.active < most && slots.grants(groups.receiveSize) > 0) this.add();
  }

  /** True for the last loop, and for the one that tests a failing queue. Other loops end after an empty receive. */
  private staysIdle(loop: WatchedReceiver): boolean {
    if (this.active === 1 || this.tester === loop) return true;
    this.active -= 1;
    return false;
  }

  /** Waits for a slot and reserves slots for one receive. Returns their number, or 0 on a stop. */
  private reserve(): Promise<number> {
    return reserveSlots(this.parts, this.stopping.signal);
  }

  /** Performs one receive within the rate that the queue accepts. Reports a failure and returns no messages. */
  private async receive(loop: WatchedReceiver, max: number): Promise<Received> {
    const { queue, clock, report, slots } = this.parts;
    this.times.attempted();
    await this.paced();
    const since = clock.now();
    if (this.stopping.signal.aborted) return { messages: [], since };
    try {
      const messages = await this.times.over(() => this.receiveOnce(loop, max));
      this.rateLimiter.ended(false);
      this.recovered();
      slots.received(messages, messages.length === max, clock.now() - since);
      const { openReceives } = this.times;
      report({ type: 'received', queue: queue.name, count: messages.length, slots: slots.held, openReceives });
      if (messages.length === 0) await this.pauseIfEarly(since);
      return { messages, since };
    } catch (error) {
      if (loop.isAborted) return { messages: [], since };
      await this.pauseAfter(error);
      return { messages: [], since, failed: true };
    }
  }

  /** Waits while the queue throttles, or until the worker stops. */
  private async paced(): Promise<void> {
    for (let ms = this.rateLimiter.delay(); ms > 0 && !this.stopping.signal.aborted; ms = this.rateLimiter.delay()) {
      await sleep(this.parts.clock, ms, this.stopping.signal);
    }
    this.rateLimiter.started();
  }

  /** Receives with a long poll, unless the receive before failed. */
  private receiveOnce(loop: WatchedReceiver, max: number): Promise<readonly ReceivedMessage[]> {
    const { queue, waitTimeSeconds, visibilityTimeoutSeconds } = this.parts;
    const longest = Math.min(waitTimeSeconds, queue.limits.waitSeconds ?? waitTimeSeconds);
    const waitSeconds = queue.features.longPolling && this.failures === 0 ? longest : 0;
    return loop.receive({ max, waitSeconds, visibilityTimeoutSeconds });
  }

  private async pauseAfter(cause: unknown): Promise<void> {
    const { queue, clock, report } = this.parts;
    const error = QueueError.from(cause, queue.name);
    if (error.kind === 'throttled') this.rateLimiter.ended(true);
    const pause = pauseAfterFailure(error.kind, this.failures);
    this.failures += 1;
    report({ type: 'poll-failed', queue: queue.name, failures: this.failures, error });
    await sleep(clock, pause, this.stopping.signal);
  }

  private async pauseIfEarly(startedAt: number): Promise<void> {
    const { clock } = this.parts;
    const left = EMPTY_MS - (clock.now() - startedAt);
    if (left > 0) await sleep(clock, left, this.stopping.signal);
  }

  private recovered(): void {
    const failures = this.failures;
    this.failures = 0;
    if (failures > 0) this.parts.report({ type: 'poll-recovered', queue: this.parts.queue.name, failures });
  }
}
