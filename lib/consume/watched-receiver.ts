import type { Clock } from '../queue/clock.js';
import { QueueError } from '../queue/queue-error.js';
import { type RequestFollowerParts, RequestFollower } from '../diagnostics/request-follower.js';
import type { MessageReceiver, ReceiveOptions } from '../queue/queue.js';
import { sharedController } from '../queue/shared-signal.js';
import type { ReceivedMessage } from '../queue/wire-message.js';

/** Time in ms after its wait after which a receive is given up. Carriers have shorter deadlines: SQS 5 s. */
const STALL_MS = 60_000;

/**
 * Performs the receives of one loop, one at a time. A watchdog aborts and fails a receive if the
 * carrier's own deadline fails. All receives share a signal, since a signal costs as much as a message.
 */
export class WatchedReceiver {
  private controller = sharedController();
  private readonly requests: RequestFollower;
  private aborted = false;

  constructor(
    private readonly queue: MessageReceiver,
    private readonly clock: Clock,
    report: RequestFollowerParts['report'],
  ) {
    this.requests = new RequestFollower({ clock, report });
  }

  /** True if {@link abort} was called since the last receive began. */
  get isAborted(): boolean {
    return this.aborted;
  }

  receive(options: Omit<ReceiveOptions, 'signal'>): Promise<readonly ReceivedMessage[]> {
    const { queue, clock, controller } = this;
    this.aborted = false;
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        controller.abort();
        this.controller = sharedController();
        const text = `no answer to a receive, ${STALL_MS / 1000} s after its wait time; the worker aborts it and receives again`;
        reject(new QueueError(text, { code: 'ReceiveStalled', kind: 'network', queue: queue.name }));
      };
      const receive = (): Promise<readonly ReceivedMessage[]> =>
        queue.receive({ ...options, signal: controller.signal });
      const answer = this.requests.run({ verb: 'receive', queue, entries: 0, isCut: () => this.aborted }, receive);
      const cancel = clock.setTimer(giveUp, options.waitSeconds * 1000 + STALL_MS);
      answer.then(
        (messages) => {
          cancel();
          resolve(messages);
        },
        (error: Error) => {
          cancel();
          reject(error);
        },
      );
    });
  }

  /** Aborts the open receive. A later receive is free again. */
  abort(): void {
    this.aborted = true;
    this.controller.abort();
    this.controller = sharedController();
  }
}
