import type { Observer } from '../diagnostics/event-sink.js';
import type { SettledEvent } from '../diagnostics/transport-event.js';
import type { EventCodec } from '../event/event-codec.js';
import { type Clock, sleep } from '../queue/clock.js';
import type { Queue } from '../queue/queue.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import type { ResolvedConsumeOptions } from './consume-options.js';
import { type Classify, type Delivery, type Dispatch, type Handle, WorkerStoppedError } from './delivery.js';
import { FailedHeads, Lanes } from './message-groups.js';
import { Permits } from './semaphore.js';
import type { PoisonPolicy } from './dead-letter.js';
import { Poller } from './poller.js';
import type { Attempt } from './retry-policy.js';
import { Room } from './concurrency-limit.js';
import { runOnce } from './middleware/idempotency.js';
import { Settler } from './settler.js';
import { settleErrors } from './middleware/map-errors.js';
import { deadline, dispatchCalls, keepVisible } from './stages.js';
import { VisibilityKeeper } from './visibility-extender.js';

/** What a {@link Consumer} is made of. */
export interface ConsumerParts {
  readonly queue: Queue;
  readonly codec: EventCodec;
  readonly clock: Clock;
  readonly observe: Observer;
  readonly dispatch: Dispatch;
  readonly classify: Classify;
  readonly poison: PoisonPolicy;
  readonly options: ResolvedConsumeOptions;
}

/** Given up handlers get so long to say how they ended. */
const GRACE_MS = 500;

/** The handling engine: receives, handles and settles until it is stopped. */
export class Consumer {
  private readonly room: Room;
  private readonly keeper: VisibilityKeeper;
  private readonly settler: Settler;
  private readonly lanes: Lanes<Delivery>;
  private readonly poller: Poller;
  private readonly handle: Handle;
  private readonly inHand = new Set<Delivery>();
  private readonly failedHeads: FailedHeads;
  private stopping: Promise<void> | undefined;

  constructor(private readonly parts: ConsumerParts) {
    const { queue, codec, clock, observe, dispatch, classify, poison, options } = parts;
    const attempt = (delivery: Delivery): Attempt => this.attempt(delivery);
    this.failedHeads = new FailedHeads(queue.redrive, options.retry.maxReceives);
    this.room = new Room(options.concurrency, queue.features.ordered);
    this.keeper = new VisibilityKeeper({ ...parts, visibilityTimeoutSeconds: options.visibilityTimeoutSeconds });
    this.settler = new Settler({
      queue,
      clock,
      observe,
      poison,
      delay: options.retry.delay,
      attempt,
      comesBack: (message, seconds) => {
        const group = this.groupOf(message);
        if (group !== undefined) this.failedHeads.failed(group, clock.now() + seconds * 1000);
      },
      split: (body) => codec.split(body),
    });
    const { idempotency, visibilityTimeoutSeconds: claimSeconds } = options;
    const timed = deadline(options.handlerTimeoutMs, clock)(dispatch);
    const run = idempotency ? runOnce(timed, idempotency, { queue, clock, observe, claimSeconds }) : timed;
    // The way of a delivery, from the inside out.
    const stages = [settleErrors(classify, options.retry, attempt), keepVisible];
    this.handle = stages.reduce(
      (next, stage) => stage(next),
      dispatchCalls(codec, queue, run, new Permits(options.concurrency)),
    );
    this.lanes = new Lanes<Delivery>({
      keyOf: ({ message }) => this.groupOf(message),
      run: (delivery) => this.process(delivery),
      waits: () => this.room.wait(),
      ended: (followed) => (followed ? this.room.leaveSeat() : this.room.leavePlace()),
      giveBack: (deliveries, waited) => deliveries.forEach((delivery) => void this.giveBack(delivery, waited)),
    });
    this.poller = new Poller({
      ...parts,
      ...options,
      room: this.room,
      most: () =>
        this.failedHeads.mayCome(clock.now(), options.waitTimeSeconds * 1000) ? 1 : queue.limits.batchEntries,
      accept: (messages) => messages.forEach((message) => this.accept(message)),
    });
  }

  /** Begins to receive. */
  start(): void {
    this.poller.start();
  }

  /**
   * Stops in order: no new receives; the open ones end; what has not started is handed back; handlers finish; acks are sent. What
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
    if (group !== undefined) this.failedHeads.received(group);
    const lease = this.keeper.track(message);
    const delivery: Delivery = { message, lease, signal: lease.signal, calls: [] };
    this.inHand.add(delivery);
    this.lanes.push(delivery);
  }

  private async process(delivery: Delivery): Promise<boolean> {
    const gone = await this.end(delivery, 'retry', async () =>
      this.settler.settle(delivery, await this.handle(delivery)),
    );
    const group = this.groupOf(delivery.message);
    if (group === undefined) return gone;
    const { clock, options } = this.parts;
    if (gone) this.failedHeads.gone(group);
    else this.failedHeads.left(group, clock.now() + options.visibilityTimeoutSeconds * 1000);
    return gone;
  }

  private async giveBack(delivery: Delivery, waited: boolean): Promise<void> {
    const group = this.groupOf(delivery.message);
    if (group !== undefined) this.failedHeads.handedBack(group, delivery.message.receiveCount);
    await this.end(delivery, 'returned', async () => {
      await this.settler.giveBack(delivery);
      return false;
    });
    if (waited) this.room.leaveSeat();
    else this.room.leavePlace();
  }

  /** Never rejects: what fails here is told, and leaves its message to come back when the lease ends; its room is free either way. */
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
      this.parts.observe({
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
    const home = this.poller
      .stop()
      .then(() => this.room.empty())
      .then(() => drained.abort());
    this.lanes.close();
    await Promise.race([home, sleep(clock, options.drainTimeoutMs, drained.signal)]);
    if (drained.signal.aborted) return;
    this.poller.cut();
    for (const { lease } of this.inHand) lease.abort(new WorkerStoppedError());
    await Promise.race([home, sleep(clock, GRACE_MS, drained.signal)]);
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
