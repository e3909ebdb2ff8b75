import type { EventSink } from '../diagnostics/event-sink.js';
import type { SettledEvent } from '../diagnostics/transport-event.js';
import type { EventCodec } from '../event/event-codec.js';
import { type Clock, sleep } from '../queue/clock.js';
import type { Queue } from '../queue/queue.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import type { ResolvedConsumeOptions } from './consume-options.js';
import {
  type ErrorClassifier,
  type Delivery,
  type CallHandler,
  type DeliveryHandler,
  WorkerStoppedError,
} from './delivery.js';
import { FailedGroups, MessageGroups } from './message-groups.js';
import { Semaphore } from './semaphore.js';
import type { PoisonPolicy } from './dead-letter.js';
import { Poller } from './poller.js';
import type { Attempt } from './retry-policy.js';
import { ConcurrencyLimit } from './concurrency-limit.js';
import { skipDuplicates } from './middleware/idempotency.js';
import { Settler } from './settler.js';
import { mapErrors } from './middleware/map-errors.js';
import { deadline } from './middleware/deadline.js';
import { dispatchCalls } from './middleware/dispatch-calls.js';
import { extendVisibility } from './middleware/extend-visibility.js';
import { VisibilityExtender } from './visibility-extender.js';

/** What a {@link Consumer} is made of. */
export interface ConsumerParts {
  readonly queue: Queue;
  readonly codec: EventCodec;
  readonly clock: Clock;
  readonly report: EventSink;
  readonly dispatch: CallHandler;
  readonly classifyError: ErrorClassifier;
  readonly poisonPolicy: PoisonPolicy;
  readonly options: ResolvedConsumeOptions;
}

/** Given up handlers get so long to say how they ended. */
const GRACE_MS = 500;

/** The handling engine: receives, handles and settles until it is stopped. */
export class Consumer {
  private readonly limit: ConcurrencyLimit;
  private readonly extender: VisibilityExtender;
  private readonly settler: Settler;
  private readonly groups: MessageGroups<Delivery>;
  private readonly poller: Poller;
  private readonly handle: DeliveryHandler;
  private readonly inHand = new Set<Delivery>();
  private readonly failedGroups: FailedGroups;
  private stopping: Promise<void> | undefined;

  constructor(private readonly parts: ConsumerParts) {
    const { queue, codec, clock, report, dispatch, classifyError, poisonPolicy, options } = parts;
    const attempt = (delivery: Delivery): Attempt => this.attempt(delivery);
    this.failedGroups = new FailedGroups(queue.redrive, options.retry.maxReceives);
    this.limit = new ConcurrencyLimit(options.concurrency, queue.features.ordered);
    this.extender = new VisibilityExtender({ ...parts, visibilityTimeoutSeconds: options.visibilityTimeoutSeconds });
    this.settler = new Settler({
      queue,
      clock,
      report,
      poisonPolicy,
      delay: options.retry.delay,
      attempt,
      comesBack: (message, seconds) => {
        const group = this.groupOf(message);
        if (group !== undefined) this.failedGroups.failed(group, clock.now() + seconds * 1000);
      },
      split: (body) => codec.split(body),
    });
    const { idempotency, visibilityTimeoutSeconds: claimSeconds } = options;
    const timed = deadline(options.handlerTimeoutMs, clock)(dispatch);
    const run = idempotency ? skipDuplicates(timed, idempotency, { queue, clock, report, claimSeconds }) : timed;
    // The way of a delivery, from the inside out.
    const middleware = [mapErrors(classifyError, options.retry, attempt), extendVisibility];
    this.handle = middleware.reduce(
      (next, wrap) => wrap(next),
      dispatchCalls(codec, queue, run, new Semaphore(options.concurrency)),
    );
    this.groups = new MessageGroups<Delivery>({
      keyOf: ({ message }) => this.groupOf(message),
      run: (delivery) => this.process(delivery),
      waits: () => this.limit.wait(),
      ended: (followed) => (followed ? this.limit.releaseWaitingSlot() : this.limit.releaseSlot()),
      release: (deliveries, waited) => deliveries.forEach((delivery) => void this.release(delivery, waited)),
    });
    this.poller = new Poller({
      ...parts,
      ...options,
      limit: this.limit,
      most: () =>
        this.failedGroups.mayCome(clock.now(), options.waitTimeSeconds * 1000) ? 1 : queue.limits.batchEntries,
      accept: (messages) => messages.forEach((message) => this.accept(message)),
    });
  }

  /** Begins to receive. */
  start(): void {
    this.poller.start();
  }

  /**
   * Stops in order: no new receives; the open ones end; what has not started is released; handlers finish; acks are sent. What
   * is left when the drain timeout is over is aborted and comes back when its lease ends. Idempotent, never rejects.
   */
  stop(): Promise<void> {
    return (this.stopping ??= this.drain());
  }

  /** The group whose order a message must keep. */
  private groupOf({ groupId }: ReceivedMessage): string | undefined {
    return this.parts.queue.features.ordered ? groupId : undefined;
  }

  private accept(message: ReceivedMessage): void {
    const group = this.groupOf(message);
    if (group !== undefined) this.failedGroups.received(group);
    const lease = this.extender.track(message);
    const delivery: Delivery = { message, lease, signal: lease.signal, calls: [] };
    this.inHand.add(delivery);
    this.groups.push(delivery);
  }

  private async process(delivery: Delivery): Promise<boolean> {
    const gone = await this.end(delivery, 'retry', async () =>
      this.settler.settle(delivery, await this.handle(delivery)),
    );
    const group = this.groupOf(delivery.message);
    if (group === undefined) return gone;
    const { clock, options } = this.parts;
    if (gone) this.failedGroups.gone(group);
    else this.failedGroups.left(group, clock.now() + options.visibilityTimeoutSeconds * 1000);
    return gone;
  }

  private async release(delivery: Delivery, waited: boolean): Promise<void> {
    const group = this.groupOf(delivery.message);
    if (group !== undefined) this.failedGroups.released(group, delivery.message.receiveCount);
    await this.end(delivery, 'released', async () => {
      await this.settler.release(delivery);
      return false;
    });
    if (waited) this.limit.releaseWaitingSlot();
    else this.limit.releaseSlot();
  }

  /** Never rejects: what fails here is told, and leaves its message to come back when the lease ends; its slot is free either way. */
  private async end(
    delivery: Delivery,
    outcome: SettledEvent['outcome'],
    work: () => Promise<boolean>,
  ): Promise<boolean> {
    const { message, lease } = delivery;
    try {
      return await work();
    } catch (error) {
      void lease.stop();
      this.parts.report({
        type: 'settle-failed',
        queue: this.parts.queue.name,
        messageId: message.id,
        error,
        outcome,
      });
      return false;
    } finally {
      this.inHand.delete(delivery);
    }
  }

  private async drain(): Promise<void> {
    const { clock, options } = this.parts;
    const drained = new AbortController();
    const idle = this.poller
      .stop()
      .then(() => this.limit.whenIdle())
      .then(() => drained.abort());
    this.groups.close();
    await Promise.race([idle, sleep(clock, options.drainTimeoutMs, drained.signal)]);
    if (drained.signal.aborted) return;
    this.poller.cut();
    for (const { lease } of this.inHand) lease.abort(new WorkerStoppedError());
    await Promise.race([idle, sleep(clock, GRACE_MS, drained.signal)]);
    // Not waited for: a renewal that is under way may hang until its own deadline.
    for (const { lease } of this.inHand) void lease.stop();
  }

  private attempt({ message }: Delivery): Attempt {
    return {
      receiveCount: message.receiveCount,
      elapsedMs: this.parts.clock.now() - message.receivedAt,
      leaseSeconds: this.parts.queue.limits.leaseSeconds,
    };
  }
}
