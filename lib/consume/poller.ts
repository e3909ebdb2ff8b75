import { backoff, sleep } from '../queue/clock.js';
import { AdaptiveRateLimiter } from '../queue/adaptive-rate-limiter.js';
import { QueueError, type QueueErrorKind } from '../queue/queue-error.js';
import type { Queue } from '../queue/queue.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import type { ConcurrencyLimit } from './concurrency-limit.js';
import { StallDetector, type StallDetectorParts } from './stall-detector.js';
import { sharedController } from '../queue/shared-signal.js';

/** What a {@link Poller} is made of. */
export interface PollerParts extends StallDetectorParts {
  readonly queue: Queue;
  readonly limit: ConcurrencyLimit;
  /** How many messages a receive that begins now is to ask for at most. */
  readonly most: () => number;
  /** Takes what was received; each message has a slot. Must not throw. */
  readonly accept: (messages: readonly ReceivedMessage[]) => void;
  readonly waitTimeSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly maxPollers: number;
}

/** The longest random pause after failures in a row; with what comes below it, a queue that is there again is used within 35 s. */
const RETRY_MAX_MS = 28_000;
/** The same where it passes by itself, so that a worker goes on within 5 s of the end of an outage. */
const OUTAGE_RETRY_MAX_MS = 4_900;
/** An answer without messages that comes sooner than it was asked to wait is no reason to ask again at once. */
const EMPTY_PAUSE_MS = 250;

/** So long after its wait a receive is taken for dead. Deadlines of carriers are shorter: on SQS 5 s. */
const STALL_MS = 60_000;

/** The shortest pause after a failure, where asking at once cannot help; the random part comes on top. */
const PAUSE_MS: Partial<Record<QueueErrorKind, number>> = {
  // At most ten requests a minute for a queue that was deleted.
  'missing-queue': 6_000,
  denied: 1_000,
  credentials: 1_000,
  invalid: 1_000,
  'over-limit': 5_000,
};

/**
 * Receives for as long as slots are free. One long poll while little comes; another one, up to `maxPollers`, for each receive
 * that came back full; back to one as soon as a receive comes back empty or fails. A failing poller waits and goes on: it never
 * ends by itself.
 */
export class Poller {
  private readonly stopping = sharedController();
  private readonly cutting = sharedController();
  private readonly loops = new Set<Promise<void>>();
  /** Loops that will receive again. Counted apart from their promises, which end a little later: two must not leave at once. */
  private active = 0;
  private failures = 0;
  private readonly stallDetector: StallDetector;
  private readonly rateLimiter: AdaptiveRateLimiter;

  constructor(private readonly parts: PollerParts) {
    this.rateLimiter = new AdaptiveRateLimiter(parts.clock);
    this.stallDetector = new StallDetector(parts);
  }

  start(): void {
    this.add();
  }

  /** Starts no more receives. Resolves when the open ones have ended and what they brought was accepted. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.loops);
  }

  /** Cuts the open receives. What the queue has handed to them stays hidden for its whole visibility timeout. */
  cut(): void {
    this.stopping.abort();
    this.cutting.abort();
  }

  private add(): void {
    this.active += 1;
    const loop: Promise<void> = this.run().finally(() => this.loops.delete(loop));
    this.loops.add(loop);
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        if (!(await this.turn())) return;
      } catch (error) {
        // A defect, of ours or of a carrier. A poller that ended by it would leave a worker that looks well and does nothing.
        await this.pauseAfter(error);
      }
    }
  }

  /** One receive. False when this loop is to end. */
  private async turn(): Promise<boolean> {
    const { limit, accept } = this.parts;
    const asked = await (limit.available > 0 ? this.reserve() : this.stallDetector.over(() => this.reserve()));
    if (asked === 0) return false;
    const messages = await this.receive(asked);
    limit.arrived(asked, messages.length);
    if (messages.length > 0) accept(messages);
    if (messages.length === asked) this.addWhileBusy();
    return messages.length > 0 || this.staysIdle();
  }

  /** Starts another loop while slots are free, up to `maxPollers`. */
  private addWhileBusy(): void {
    const { limit, maxPollers } = this.parts;
    if (!this.stopping.signal.aborted && limit.available > 0 && this.active < maxPollers) this.add();
  }

  /** True for the last loop, which goes on polling while nothing comes; any other one leaves. */
  private staysIdle(): boolean {
    if (this.active === 1) return true;
    this.active -= 1;
    return false;
  }

  private reserve(): Promise<number> {
    const { limit, most } = this.parts;
    return limit.reserve(most, this.stopping.signal);
  }

  /** One receive, within the rate that the queue accepts. A failure is reported, and brings no messages. */
  private async receive(max: number): Promise<readonly ReceivedMessage[]> {
    const { queue, clock, report } = this.parts;
    if (!(await this.paced())) return [];
    const startedAt = clock.now();
    try {
      const messages = await this.receiveInTime(max);
      this.rateLimiter.ended(false);
      this.recovered();
      report({ type: 'received', queue: queue.name, count: messages.length });
      if (messages.length === 0) await this.pauseIfEarly(startedAt);
      return messages;
    } catch (error) {
      if (!this.cutting.signal.aborted) await this.pauseAfter(error);
      return [];
    }
  }

  /** Waits for its turn, where the queue has asked to slow down. False when the worker stops first. */
  private async paced(): Promise<boolean> {
    const { signal } = this.stopping;
    for (let ms = this.rateLimiter.delay(); ms > 0 && !signal.aborted; ms = this.rateLimiter.delay()) {
      await sleep(this.parts.clock, ms, signal);
    }
    this.rateLimiter.started();
    return !signal.aborted;
  }

  /** A receive that is given up when it stays open for long after its wait: the watchdog over carriers whose own deadlines fail. */
  private receiveInTime(max: number): Promise<readonly ReceivedMessage[]> {
    const { queue, clock, waitTimeSeconds: waitSeconds, visibilityTimeoutSeconds } = this.parts;
    const open = new AbortController();
    const cut = (): void => open.abort();
    const { signal } = this.cutting;
    if (signal.aborted) cut();
    signal.addEventListener('abort', cut, { once: true });
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        cut();
        const text = `no answer to a receive, ${STALL_MS / 1000} s after it should have ended; it is given up, and asked anew`;
        reject(new QueueError(text, { code: 'ReceiveStalled', kind: 'network', queue: queue.name }));
      };
      const cancel = clock.setTimer(giveUp, waitSeconds * 1000 + STALL_MS);
      const ended = (): void => {
        cancel();
        signal.removeEventListener('abort', cut);
      };
      queue
        .receive({ max, waitSeconds, visibilityTimeoutSeconds, signal: open.signal })
        .finally(ended)
        .then(resolve, reject);
    });
  }

  private async pauseAfter(cause: unknown): Promise<void> {
    const { queue, clock, report } = this.parts;
    const error = QueueError.from(cause, queue.name);
    if (error.kind === 'throttled') this.rateLimiter.ended(true);
    const outage = error.kind === 'network' || error.kind === 'service';
    const jitter = backoff(this.failures, { baseMs: 200, maxMs: outage ? OUTAGE_RETRY_MAX_MS : RETRY_MAX_MS });
    this.failures += 1;
    report({ type: 'poll-failed', queue: queue.name, failures: this.failures, error });
    await sleep(clock, (PAUSE_MS[error.kind] ?? 50) + jitter, this.stopping.signal);
  }

  private async pauseIfEarly(startedAt: number): Promise<void> {
    const { clock, waitTimeSeconds } = this.parts;
    if (clock.now() - startedAt >= waitTimeSeconds * 500 && waitTimeSeconds > 0) return;
    await sleep(clock, EMPTY_PAUSE_MS, this.stopping.signal);
  }

  private recovered(): void {
    const failures = this.failures;
    this.failures = 0;
    if (failures > 0) this.parts.report({ type: 'poll-recovered', queue: this.parts.queue.name, failures });
  }
}
