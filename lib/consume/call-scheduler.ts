import { LinkedItems } from '../common/linked-items.js';
import { inRootContext } from '../common/root-context.js';
import type { ReadableCalls } from '../event/body-reader.js';
import type { Clock } from '../queue/clock.js';
import type { CallHandler, Delivery } from './delivery.js';
import type { MessageSlots } from './message-slots.js';
import { type CallFeatures, RunningBody } from './running-body.js';
import type { SlowCalls } from './slow-calls.js';

export interface CallSchedulerParts {
  /** Largest number of calls that run at the same time. */
  readonly concurrency: number;
  readonly queue: { readonly features: CallFeatures };
  readonly clock: Pick<Clock, 'now'>;
  readonly slowCalls: Pick<SlowCalls, 'begin' | 'end'>;
  readonly slots: Pick<MessageSlots, 'lend'>;
}

/** Time in ms after which another body comes first, and after which the event loop gets a turn. */
const TIME_SLICE_MS = 10;

/**
 * Runs the calls of all bodies in hand, at most `concurrency` of them at the same time. The sender
 * decides how many calls a body holds, so bodies take time slices of 10 ms, and a body that needs more
 * than one counts as large. Large bodies take turns with the others for each call, run on half of the slots
 * while others wait, and lend their message slots. So however many of them arrive, messages behind them
 * start soon. A body is read at its first slice, so bodies that wait take little memory. Handlers that
 * never wait give way to the event loop every 10 ms.
 *
 * On an ordered queue the calls of a body run one after another, and a failure stops the rest. Bodies
 * alternate after each call.
 */
export class CallScheduler {
  /** Bodies within their first time slice, in order. */
  private readonly fresh = new LinkedItems<RunningBody>();
  /** Bodies that have used up a time slice, in order. */
  private readonly large = new LinkedItems<RunningBody>();
  /** True if the last call came from a large body while others waited. */
  private isLargeNext = false;
  /** Counts the calls of large bodies that hold a slot. */
  private runningLarge = 0;
  /** Counts the calls that hold a slot. */
  private running = 0;
  private isStarting = false;
  /** Wakes the loop that starts calls. */
  private wake: (() => void) | undefined;
  /** Clock time in ms of the first call that started in this turn of the event loop. */
  private turnSince: number | undefined;

  constructor(
    private readonly parts: CallSchedulerParts,
    private readonly run: CallHandler,
  ) {}

  /** Counts the calls whose handlers run. An aborted delivery no longer counts, even if its handlers still run. */
  get runningCalls(): number {
    return this.running;
  }

  /**
   * Reads the calls of a delivery with `read` and runs them. Resolves if all of them succeeded. Waits
   * for all of them, so that a redelivery never runs beside them. An abort of the delivery frees the
   * slots of its calls at once, even if handlers ignore it, and fails the calls that have not started.
   *
   * @throws CallsFailedError some calls failed and others did not
   * @throws the failure of the calls, what `read` throws, or the reason of an abort before the first slice
   */
  handle(delivery: Delivery, read: () => ReadableCalls): Promise<void> {
    return new Promise((resolve, reject) => {
      delivery.aborts.throwIfAborted();
      const { features } = this.parts.queue;
      const onAbort = (body: RunningBody): void => this.abort(body);
      this.fresh.add(new RunningBody(delivery, { features, read, resolve, reject, onAbort }));
      if (!this.isStarting) void this.startCalls();
    });
  }

  /**
   * Starts calls while bodies wait. Awaits in this one place, so that no call starts in the async
   * context of a handler that has just ended. Never rejects.
   */
  private async startCalls(): Promise<void> {
    this.isStarting = true;
    while (this.fresh.first !== undefined || this.large.first !== undefined) {
      if (this.running < this.parts.concurrency) this.startNext(this.nextBody());
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
    this.isStarting = false;
  }

  /** Returns the body whose turn it is. */
  private nextBody(): RunningBody {
    const now = this.parts.clock.now();
    const body = this.nextLane().first!;
    body.sliceSince = Math.min(body.sliceSince, now);
    if (now - body.sliceSince < TIME_SLICE_MS) return body;
    this.endSlice(body);
    return this.nextBody();
  }

  /** Returns the list of the next call. Both alternate. Large bodies pause while they hold half of the slots. */
  private nextLane(): LinkedItems<RunningBody> {
    const { fresh, large } = this;
    if (fresh.first === undefined || large.first === undefined) return fresh.first === undefined ? large : fresh;
    this.isLargeNext = !this.isLargeNext && this.runningLarge * 2 < this.parts.concurrency;
    return this.isLargeNext ? large : fresh;
  }

  /** Puts a body behind all large ones. */
  private endSlice(body: RunningBody): void {
    this.laneOf(body).delete(body);
    if (!body.isLarge) {
      body.isLarge = true;
      this.runningLarge += body.running;
      this.parts.slots.lend(body.delivery);
    }
    body.sliceSince = Infinity;
    this.large.add(body);
    // The others come first now.
    this.isLargeNext = true;
  }

  private laneOf({ isLarge }: RunningBody): LinkedItems<RunningBody> {
    return isLarge ? this.large : this.fresh;
  }

  private startNext(body: RunningBody): void {
    if (!body.open()) return void this.laneOf(body).delete(body);
    const at = body.start();
    this.running += 1;
    if (body.isLarge) this.runningLarge += 1;
    if (this.parts.queue.features.ordered || !body.hasNext) this.laneOf(body).delete(body);
    void this.runCall(body, at);
  }

  /** Runs a call. Never rejects. */
  private async runCall(body: RunningBody, at: number): Promise<void> {
    const { slowCalls, queue, clock } = this.parts;
    const { delivery } = body;
    // The handler starts in a microtask of its own, so a context that it enters
    // (AsyncLocalStorage.enterWith) does not reach the handlers that start next.
    await Promise.resolve();
    let now = clock.now();
    for (; this.mustYield(now); now = clock.now()) await new Promise(setImmediate);
    const call = delivery.calls[at]!;
    const watched = slowCalls.begin(call.method, delivery.message.id, now);
    try {
      delivery.aborts.throwIfAborted();
      await this.run(call, delivery, at);
    } catch (error) {
      body.failed(at, error);
    }
    slowCalls.end(watched);
    body.ended();
    // The slots of an aborted delivery are free already.
    if (delivery.aborts.aborted) return;
    const { ordered } = queue.features;
    if (ordered && body.hasNext) this.laneOf(body).add(body);
    this.free(body, 1);
    if (ordered && !this.isStarting) inRootContext(() => void this.startCalls());
  }

  /** Frees the slots of an aborted delivery. */
  private abort(body: RunningBody): void {
    this.laneOf(body).delete(body);
    this.free(body, body.running);
    body.giveUp();
  }

  private free({ isLarge }: RunningBody, slots: number): void {
    this.running -= slots;
    if (isLarge) this.runningLarge -= slots;
    this.wake?.();
    this.wake = undefined;
  }

  /** True if the event loop has waited for a time slice. Notes the first call of each of its turns. */
  private mustYield(now: number): boolean {
    if (this.turnSince === undefined) {
      this.turnSince = now;
      setImmediate(() => (this.turnSince = undefined));
    }
    return now - this.turnSince >= TIME_SLICE_MS;
  }
}
