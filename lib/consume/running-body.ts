import type { LinkedItem } from '../common/linked-items.js';
import type { ReadableCalls } from '../event/body-reader.js';
import type { QueueFeatures } from '../queue/queue.js';
import { callCount, type Delivery } from './delivery.js';
import { CallsFailedError, errorOf } from './handler-errors.js';

/** The features of a queue that decide how the calls of a body run and fail. */
export type CallFeatures = Pick<QueueFeatures, 'ordered' | 'resend'>;

export interface RunningBodyParts {
  readonly features: CallFeatures;
  readonly read: () => ReadableCalls;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  /** Called once if the delivery aborts before its end. */
  readonly onAbort: (body: RunningBody) => void;
}

/** Keeps track of the calls of one delivery, and ends it with the last of them. */
export class RunningBody implements LinkedItem<RunningBody> {
  before: RunningBody | undefined;
  after: RunningBody | undefined;
  /** Clock time in ms at which the time slice of this body began. Infinity before it. */
  sliceSince = Infinity;
  /** True once the body has used up a time slice. */
  isLarge = false;
  /** Counts the calls that run. */
  running = 0;
  private isOpen = false;
  /** Position of the call that starts next. */
  private next = 0;
  private failures: Map<number, unknown> | undefined;
  /** The reason why the calls behind those that were read cannot be handled. */
  private fault: unknown;
  private readonly onAbort = (): void => this.parts.onAbort(this);

  constructor(
    readonly delivery: Delivery,
    private readonly parts: RunningBodyParts,
  ) {
    delivery.aborts.addEventListener('abort', this.onAbort);
  }

  /** True if a call has not started. */
  get hasNext(): boolean {
    return this.next < this.delivery.calls.length;
  }

  /** Reads the calls before the first of them starts. False if none can be handled, which ends the body. */
  open(): boolean {
    if (this.isOpen) return true;
    this.isOpen = true;
    try {
      const { calls, fault } = this.parts.read();
      for (const call of calls) this.delivery.calls.push(call);
      this.fault = fault;
      this.delivery.hasUnreadable = fault !== undefined;
      return true;
    } catch (error) {
      this.end(error);
      return false;
    }
  }

  /** Starts the next call and returns its position. */
  start(): number {
    this.running += 1;
    this.next += 1;
    return this.next - 1;
  }

  /** Notes a failure. On an ordered queue no further call starts. */
  failed(at: number, error: unknown): void {
    (this.failures ??= new Map()).set(at, error);
    if (this.parts.features.ordered) this.next = this.delivery.calls.length;
  }

  /** Notes the end of a call. */
  ended(): void {
    this.running -= 1;
    this.endIfDone();
  }

  /** Fails what has not started. */
  giveUp(): void {
    const { reason } = this.delivery.aborts;
    if (!this.isOpen) return this.end(reason);
    for (; this.hasNext; this.next += 1) this.failed(this.next, reason);
    this.endIfDone();
  }

  private endIfDone(): void {
    if (this.running > 0 || this.hasNext) return;
    if (this.fault !== undefined) (this.failures ??= new Map()).set(this.delivery.calls.length, this.fault);
    if (this.failures !== undefined) return this.end(this.toError(this.failures));
    this.leave();
    this.parts.resolve();
  }

  private end(error: unknown): void {
    this.leave();
    this.parts.reject(error);
  }

  private leave(): void {
    this.delivery.aborts.removeEventListener('abort', this.onAbort);
  }

  private toError(failures: ReadonlyMap<number, unknown>): unknown {
    const { ordered, resend } = this.parts.features;
    const inOrder = new Map([...failures].sort(([a], [b]) => a - b));
    const errors = [...inOrder.values()];
    if (ordered) return errors[0];
    try {
      const unreadable = this.fault === undefined ? undefined : this.delivery.calls.length;
      return errors.length < callCount(this.delivery)
        ? new CallsFailedError(inOrder, resend, unreadable)
        : errorOf(errors);
    } catch (error) {
      // A handler may throw an object that throws when somebody looks at it.
      return error;
    }
  }
}
