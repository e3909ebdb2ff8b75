import { type LinkedItem, LinkedItems } from '../common/linked-items.js';
import { inRootContext } from '../common/root-context.js';
import type { OnewayCall } from '../event/contract.js';
import type { Clock } from '../queue/clock.js';
import type { QueueFeatures } from '../queue/queue.js';
import type { CallHandler, Delivery } from './delivery.js';
import { CallsFailedError, errorOf } from './handler-errors.js';
import type { SlowCalls } from './slow-calls.js';

type CallFeatures = Pick<QueueFeatures, 'ordered' | 'resend'>;

export interface CallSchedulerParts {
  /** Largest number of calls that run at the same time. */
  readonly concurrency: number;
  readonly queue: { readonly features: CallFeatures };
  readonly clock: Pick<Clock, 'now'>;
  readonly slowCalls: Pick<SlowCalls, 'begin' | 'end'>;
}

/** Time in ms after which another body gets its turn, and after which the event loop gets one. */
const LONGEST_TURN_MS = 10;

/**
 * Runs the calls of all bodies in hand, at most `concurrency` of them at the same time. The sender
 * decides how many calls a body holds, so bodies take turns of 10 ms: a large body does not hold up
 * the others. A body is read in its first turn, so bodies that wait take little memory. Handlers that
 * never wait give way to the event loop every 10 ms.
 *
 * On an ordered queue the calls of a body run one after another, and a failure stops the rest.
 */
export class CallScheduler {
  /** Bodies with a call that may start, in the order of their turns. */
  private readonly waiting = new LinkedItems<RunningBody>();
  /** Calls that hold a slot. */
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

  /**
   * Reads the calls of a delivery with `read` and runs them. Resolves if all of them succeeded. Waits
   * for all of them, so that a redelivery never runs beside them. An abort of the delivery frees the
   * slots of its calls at once, even if handlers ignore it, and fails the calls that have not started.
   *
   * @throws CallsFailedError some calls failed and others did not
   * @throws the failure of the calls, what `read` throws, or the reason of an abort before the first turn
   */
  handle(delivery: Delivery, read: () => Iterable<OnewayCall>): Promise<void> {
    return new Promise((resolve, reject) => {
      delivery.aborts.throwIfAborted();
      const fail = (failures: CallFailures): void => reject(toError(failures, delivery, this.parts.queue.features));
      const onAbort = (body: RunningBody): void => this.abort(body);
      this.waiting.add(new RunningBody(delivery, { read, resolve, fail, reject, onAbort }));
      if (!this.isStarting) void this.startCalls();
    });
  }

  /**
   * Starts calls while bodies wait. Awaits in this one place, so that no call starts in the async
   * context of a handler that has just ended. Never rejects.
   */
  private async startCalls(): Promise<void> {
    this.isStarting = true;
    while (this.waiting.first !== undefined) {
      const now = this.parts.clock.now();
      if (this.running >= this.parts.concurrency) await new Promise<void>((resolve) => (this.wake = resolve));
      else if (this.isTurnOver(now)) await new Promise(setImmediate);
      else this.startNext(this.nextBody(now), now);
    }
    this.isStarting = false;
  }

  /** Returns the body whose turn it is. */
  private nextBody(now: number): RunningBody {
    const first = this.waiting.first!;
    if (now - first.turnSince >= LONGEST_TURN_MS) {
      first.turnSince = Infinity;
      this.waiting.delete(first);
      this.waiting.add(first);
    }
    const body = this.waiting.first!;
    body.turnSince = Math.min(body.turnSince, now);
    return body;
  }

  private startNext(body: RunningBody, now: number): void {
    if (!body.open()) return void this.waiting.delete(body);
    const at = body.start();
    this.running += 1;
    if (this.parts.queue.features.ordered || !body.hasNext) this.waiting.delete(body);
    void this.runCall(body, at, now);
  }

  /** Runs a call. Never rejects. */
  private async runCall(body: RunningBody, at: number, now: number): Promise<void> {
    const { slowCalls, queue } = this.parts;
    const { ordered } = queue.features;
    const { delivery } = body;
    // The handler starts in a turn of its own, so a context that it enters (AsyncLocalStorage.enterWith)
    // does not reach the handlers that start next.
    await Promise.resolve();
    const call = delivery.calls[at]!;
    const watched = slowCalls.begin(call.method, delivery.message.id, now);
    try {
      delivery.aborts.throwIfAborted();
      await this.run(call, delivery, at);
    } catch (error) {
      body.fail(at, error);
      if (ordered) body.leaveRest();
    }
    slowCalls.end(watched);
    body.ended();
    // The slots of an aborted delivery are free already.
    if (delivery.aborts.aborted) return;
    if (ordered && body.hasNext) this.waiting.add(body);
    this.free(1);
    if (ordered && !this.isStarting) inRootContext(() => void this.startCalls());
  }

  /** Frees the slots of an aborted delivery. */
  private abort(body: RunningBody): void {
    this.waiting.delete(body);
    this.free(body.running);
    body.giveUp();
  }

  private free(slots: number): void {
    this.running -= slots;
    this.wake?.();
    this.wake = undefined;
  }

  private isTurnOver(now: number): boolean {
    if (this.turnSince === undefined) {
      this.turnSince = now;
      setImmediate(() => (this.turnSince = undefined));
    }
    return now - this.turnSince >= LONGEST_TURN_MS;
  }
}

/** Errors by position of the call in the body. */
type CallFailures = ReadonlyMap<number, unknown>;

function toError(failures: CallFailures, { calls }: Delivery, { ordered, resend }: CallFeatures): unknown {
  const inOrder = new Map([...failures].sort(([a], [b]) => a - b));
  const errors = [...inOrder.values()];
  if (ordered) return errors[0];
  return errors.length < calls.length ? new CallsFailedError(inOrder, resend) : errorOf(errors);
}

interface RunningBodyParts {
  readonly read: () => Iterable<OnewayCall>;
  readonly resolve: () => void;
  readonly fail: (failures: CallFailures) => void;
  readonly reject: (error: unknown) => void;
  readonly onAbort: (body: RunningBody) => void;
}

/** The calls of one delivery on their way. */
class RunningBody implements LinkedItem<RunningBody> {
  before: RunningBody | undefined;
  after: RunningBody | undefined;
  /** Clock time in ms at which the turn of this body began. Infinity before it. */
  turnSince = Infinity;
  /** Calls that run. */
  running = 0;
  private isOpen = false;
  /** Position of the call that starts next. */
  private next = 0;
  private failures: Map<number, unknown> | undefined;
  private readonly abort = (): void => this.parts.onAbort(this);

  constructor(
    readonly delivery: Delivery,
    private readonly parts: RunningBodyParts,
  ) {
    delivery.aborts.addEventListener('abort', this.abort);
  }

  /** True if the body has a call that has not started. */
  get hasNext(): boolean {
    return this.next < this.delivery.calls.length;
  }

  /** Reads the calls before the first of them starts. False if that fails, which ends the body. */
  open(): boolean {
    if (this.isOpen) return true;
    this.isOpen = true;
    try {
      for (const call of this.parts.read()) this.delivery.calls.push(call);
      return true;
    } catch (error) {
      this.leave();
      this.parts.reject(error);
      return false;
    }
  }

  /** Starts the next call and returns its position. */
  start(): number {
    this.running += 1;
    this.next += 1;
    return this.next - 1;
  }

  fail(at: number, error: unknown): void {
    (this.failures ??= new Map()).set(at, error);
  }

  /** Starts no further call. */
  leaveRest(): void {
    this.next = this.delivery.calls.length;
  }

  /** Notes the end of a call. */
  ended(): void {
    this.running -= 1;
    this.finishIfDone();
  }

  /** Fails what has not started. */
  giveUp(): void {
    const { reason } = this.delivery.aborts;
    if (!this.isOpen) return this.parts.reject(reason);
    for (; this.hasNext; this.next += 1) this.fail(this.next, reason);
    this.finishIfDone();
  }

  private finishIfDone(): void {
    if (this.running > 0 || this.hasNext) return;
    this.leave();
    if (this.failures === undefined) this.parts.resolve();
    else this.parts.fail(this.failures);
  }

  private leave(): void {
    this.delivery.aborts.removeEventListener('abort', this.abort);
  }
}
