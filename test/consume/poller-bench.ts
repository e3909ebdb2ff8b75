import { Poller } from '#lib/consume/poller.js';
import { MessageSlots } from '#lib/consume/message-slots.js';
import type { TransportEvent } from '#lib/diagnostics/transport-event.js';
import { sleep } from '#lib/queue/clock.js';
import type { QueueError } from '#lib/queue/queue-error.js';
import type { ReceiveOptions } from '#lib/queue/queue.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import { createMemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { failure, received, standardGroups } from './harness.js';

/** Describes the result of a receive: messages after some time, or an error. */
export interface Answer {
  readonly count?: number;
  readonly afterMs?: number;
  readonly error?: QueueError;
}

/** A poller on a queue whose receives are answered by script. */
export class PollerBench {
  readonly clock = new VirtualClock(0);
  readonly queue = createMemoryQueue({ clock: this.clock });
  readonly events: TransportEvent[] = [];
  readonly asked: { readonly at: number; readonly max: number; readonly options: ReceiveOptions }[] = [];
  readonly accepted: ReceivedMessage[] = [];
  readonly slots: MessageSlots;
  readonly poller: Poller;
  open = 0;
  mostOpen = 0;

  constructor(
    public answer: (max: number, number: number) => Answer,
    { concurrency = 10, maxPollers = 4, waitTimeSeconds = 20 } = {},
  ) {
    const { queue, clock } = this;
    // As on SQS: an aborted receive may have hidden messages.
    Object.assign(queue, { features: { ...queue.features, abortableReceive: false } });
    const slots = (this.slots = new MessageSlots({ queue, clock, concurrency }));
    queue.receive = (options) => this.receive(options);
    this.poller = new Poller({
      queue,
      clock,
      slots,
      groups: standardGroups({ queue, clock, slots }),
      intake: { accept: (message) => void this.accepted.push(message) },
      report: (event) => void this.events.push(event),
      waitTimeSeconds,
      visibilityTimeoutSeconds: 30,
      handlerTimeoutMs: undefined,
      maxPollers,
    });
  }

  private async receive(options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    this.asked.push({ at: this.clock.now(), max: options.max, options });
    const { count = 0, afterMs = 0, error } = this.answer(options.max, this.asked.length);
    this.mostOpen = Math.max(this.mostOpen, (this.open += 1));
    await sleep(this.clock, afterMs, options.signal);
    this.open -= 1;
    if (options.signal?.aborted) throw failure('network');
    if (error) throw error;
    return Array.from({ length: count }, (_, i) => received(`${this.asked.length}-${i}`));
  }

  get times(): number[] {
    return this.asked.map(({ at }) => at);
  }
}

/** Answers an empty long poll. */
export const idle = (): Answer => ({ afterMs: 20_000 });
