import { systemClock } from '../../../queue/clock.js';
import { QueueError, type QueueErrorKind } from '../../../queue/queue-error.js';
import type { EntryResult, Release } from '../../../queue/queue.js';
import { withDeadline } from '../request-deadline.js';
import type { OnDemandQueue } from './on-demand-queue.js';

/** Time in ms for one request. The answer of the function waits for it. */
const REQUEST_MS = 1_000;
/** Time in ms for the first request, which also loads the AWS SDK and opens the queue. */
const FIRST_REQUEST_MS = 2_000;
/** Time in ms without requests after one that got no answer. */
const PAUSE_MS = 10_000;

/**
 * Sends the requests that make messages visible. The visibility timeout of the queue does the same
 * later, so they may cost an invocation little time, and none of them outlasts it: a later request
 * could make a message visible that another receiver handles.
 */
export class ReleaseRequests {
  private isOpen = false;
  private pausesUntil = 0;

  constructor(private readonly queue: OnDemandQueue) {}

  /**
   * @param closed aborts the requests, at the end of the invocation
   * @throws QueueError no message was released
   */
  async release(releases: readonly Release[], closed: AbortSignal): Promise<readonly EntryResult[]> {
    if (systemClock.now() < this.pausesUntil) {
      throw this.error('ReleaseSkipped', 'network', 'SQS has not answered shortly before, so no request was sent');
    }
    const ms = this.isOpen ? REQUEST_MS : FIRST_REQUEST_MS;
    const late = (): QueueError => this.error('ReleaseTimeout', 'network', `SQS has not answered within ${ms} ms`);
    const ended = (): QueueError => this.error('InvocationEnded', 'closed', 'the time of the invocation is over');
    const cuts = [{ aborts: closed, error: ended }];
    try {
      return await withDeadline({ ms, late, cuts }, async ({ signal }) => {
        const queue = await this.queue.open();
        this.isOpen = true;
        signal.throwIfAborted();
        return queue.release(releases, signal);
      });
    } catch (error) {
      throw this.noted(QueueError.from(error, this.queue.name));
    }
  }

  /** Repeats no request after a connection that failed, and pauses. */
  private noted(error: QueueError): QueueError {
    if (error.kind !== 'network') return error;
    this.pausesUntil = systemClock.now() + PAUSE_MS;
    return error.retryable
      ? this.error(error.code, 'network', error.message.slice(error.code.length + 2), error)
      : error;
  }

  private error(code: string, kind: QueueErrorKind, why: string, cause?: unknown): QueueError {
    const text = `${why}; the message comes back when the visibility timeout of the queue "${this.queue.name}" is over`;
    return new QueueError(text, { code, kind, queue: this.queue.name, retryable: false, cause });
  }
}
