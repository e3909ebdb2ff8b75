import { inRootContext } from '../common/root-context.js';
import type { EventSink } from '../diagnostics/event-sink.js';
import type { RequestListener } from '../queue/batch-requests.js';
import { type Clock, equalBackoff, SingleTimer } from '../queue/clock.js';
import { isRefusedMessage, QueueError, type QueueErrorKind } from '../queue/queue-error.js';
import { UNOPENED_QUEUE } from './call-result.js';

export interface SenderMonitorParts {
  readonly clock: Clock;
  readonly report: EventSink;
  /** Takes each change of the state of the queue. */
  readonly setUp: (isUp: boolean) => void;
  /** True while calls wait, whose requests test the queue anyway. */
  readonly isBusy: () => boolean;
  /** Returns a request that asks for an answer. Undefined if the queue cannot be asked. */
  readonly question: () => (() => Promise<unknown>) | undefined;
}

/** Kinds of failures that pass by themselves. */
const PASSING: ReadonlySet<QueueErrorKind> = new Set(['network', 'service', 'throttled']);

/** Errors that a busy queue returns now and then. The queue is down after ten of them in a row. */
const BUSY: ReadonlySet<QueueErrorKind> = new Set(['throttled', 'over-limit']);
const BUSY_TOO_OFTEN = 10;

/** Pause in ms before the next question. A random half keeps many clients apart. */
const ASK_AFTER_MS = 1_800;
/** The same after a failure that a person must fix. */
const ASK_LATER_MS = 30_000;
/** Pause in ms before the next look while calls wait. They may all expire, and then nothing else asks. */
const LOOK_AGAIN_MS = 500;

/**
 * Tracks if a queue answers the requests of a client. Asks a queue that has failed again and again, so
 * that the state becomes true again although the application emits nothing.
 */
export class SenderMonitor implements RequestListener {
  private failures = 0;
  private isUp: boolean | undefined;
  private failedName = UNOPENED_QUEUE;
  private stopped = false;
  private lastError: QueueError | undefined;
  private readonly timer: SingleTimer;

  constructor(private readonly parts: SenderMonitorParts) {
    this.timer = new SingleTimer(parts.clock, () => void this.askIfIdle(), { background: true });
  }

  /** The last failure while the queue does not answer. */
  get failure(): QueueError | undefined {
    return this.isUp === false ? this.lastError : undefined;
  }

  answered(): void {
    if (this.stopped || (this.isUp === true && this.failures === 0)) return;
    this.timer.cancel();
    const { failures, failedName: queue } = this;
    this.failures = 0;
    if (failures > 0) this.parts.report({ type: 'send-recovered', queue, failures });
    this.set(true);
  }

  failed(error: QueueError): void {
    if (error.kind === 'closed' || this.stopped) return;
    if (this.failures === 0) this.failedName = error.queue || UNOPENED_QUEUE;
    this.failures += 1;
    this.lastError = error;
    this.parts.report({ type: 'send-failed', queue: this.failedName, failures: this.failures, error });
    if (!BUSY.has(error.kind) || this.failures >= BUSY_TOO_OFTEN) this.set(false);
    const most = passes(error) ? ASK_AFTER_MS : ASK_LATER_MS;
    if (!isRefusedMessage(error)) this.timer.start(equalBackoff(0, { baseMs: most, maxMs: most }));
  }

  /** Asks the queue, and notes the answer. Rejects with the error. */
  async ask(question: () => Promise<unknown>): Promise<void> {
    try {
      await question();
      this.answered();
    } catch (error) {
      this.failed(QueueError.from(error, this.failedName));
      throw error;
    }
  }

  stop(): void {
    this.stopped = true;
    this.timer.cancel();
  }

  private async askIfIdle(): Promise<void> {
    if (this.parts.isBusy()) return this.timer.start(LOOK_AGAIN_MS);
    const question = this.parts.question();
    if (question) await this.ask(() => inRootContext(question)).catch(() => undefined);
  }

  private set(isUp: boolean): void {
    if (this.isUp === isUp) return;
    this.isUp = isUp;
    this.parts.setUp(isUp);
  }
}

/** True if a failure may pass by itself. An error that is wrapped for want of a kind may be a mistake. */
function passes({ kind, code }: QueueError): boolean {
  return PASSING.has(kind) && code !== 'QueueFailure';
}
