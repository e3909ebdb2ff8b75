import { LinkedItems } from '../common/linked-items.js';
import { type EventSink, isHeard } from '../diagnostics/event-sink.js';
import type { WorkerState } from '../diagnostics/transport-state.js';
import type { EventCodec } from '../event/event-codec.js';
import type { Clock } from '../queue/clock.js';
import { checkReceived } from '../queue/check-results.js';
import type { MessageReceiver } from '../queue/queue.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import { CallScheduler } from './call-scheduler.js';
import type { ResolvedConsumeOptions } from './consume-options.js';
import type { PoisonPolicy } from './dead-letter.js';
import {
  type CallDispatcher,
  createDelivery,
  type Delivery,
  type DeliveryInHand,
  type ErrorClassifier,
} from './delivery.js';
import { DeliveryHandler } from './delivery-handler.js';
import { drainWorker } from './drain-worker.js';
import { type DeliveryWorker, MessageGroups } from './message-groups.js';
import { deadline } from './middleware/deadline.js';
import { followCalls } from './middleware/follow-calls.js';
import { skipDuplicates } from './middleware/idempotency.js';
import { pipeline } from './pipeline.js';
import { MessageSlots } from './message-slots.js';
import { type MessageIntake, Poller } from './poller.js';
import type { RejectedMessages } from './rejected-messages.js';
import { Settler } from './settler.js';
import { SlowCalls } from './slow-calls.js';
import type { UnfinishedSplits } from './splitter.js';
import { VisibilityExtender } from './visibility-extender.js';

export interface ConsumerParts {
  readonly queue: MessageReceiver;
  readonly codec: EventCodec;
  readonly clock: Clock;
  readonly report: EventSink;
  readonly dispatcher: CallDispatcher;
  readonly classifyError: ErrorClassifier;
  readonly poisonPolicy: PoisonPolicy;
  readonly options: ResolvedConsumeOptions;
  /** Memory of rejected messages that several consumers share. Default: each has its own. */
  readonly rejected?: RejectedMessages | undefined;
  /** Memory of sent calls that several consumers share. Default: each has its own. */
  readonly splits?: UnfinishedSplits | undefined;
}

/** Describes the work of a consumer at one moment. */
export type ConsumerState = Omit<WorkerState, 'queue' | 'status' | 'failure'>;

/** Returns the state of a consumer that does not exist yet. */
export function idleState(slots: number): ConsumerState {
  const none = { openReceives: 0, slotsTaken: 0, runningCalls: 0, inHand: 0, oldestInHandMs: 0, stalledMs: 0 };
  return { ...none, slots, sinceAttemptMs: undefined, sinceReceiveMs: undefined };
}

/** Lists what a worker needs of a consumer. */
export type ConsumerControl = Pick<Consumer, 'start' | 'pause' | 'resume' | 'whenIdle' | 'state' | 'work' | 'stop'>;

/** The handling engine: receives, handles and settles messages until it is stopped. */
export class Consumer implements MessageIntake, DeliveryWorker {
  private readonly extender: VisibilityExtender;
  private readonly settler: Settler;
  private readonly slowCalls: SlowCalls;
  protected readonly slots: MessageSlots;
  private readonly scheduler: CallScheduler;
  private readonly handling: DeliveryHandler;
  protected readonly groups: MessageGroups;
  private readonly poller: Poller;
  protected readonly inHand = new LinkedItems<DeliveryInHand>();
  private stopping: Promise<readonly Delivery[]> | undefined;

  constructor(protected readonly parts: ConsumerParts) {
    const { dispatcher, clock, options } = parts;
    const { handlerTimeoutMs, retry } = options;
    const slots = (this.slots = new MessageSlots({ ...parts, ...options }));
    this.extender = new VisibilityExtender({ ...parts, ...options });
    this.settler = new Settler({ ...parts, retry, lingerMs: () => slots.lingerMs() });
    const slowCalls = (this.slowCalls = new SlowCalls({ ...parts, ...options }));
    const middleware = [
      skipDuplicates({ ...parts, ...options }),
      followCalls(parts),
      deadline(handlerTimeoutMs, clock),
    ];
    const call = pipeline(middleware, dispatcher);
    const scheduler = (this.scheduler = new CallScheduler({ ...parts, ...options, slowCalls, slots }, call));
    this.handling = new DeliveryHandler({
      ...parts,
      retry,
      scheduler,
      settler: this.settler,
      slots,
      inHand: this.inHand,
    });
    this.groups = new MessageGroups({ ...parts, ...options, ...retry, slots, worker: this });
    this.poller = new Poller({ ...parts, ...options, slots, groups: this.groups, intake: this });
  }

  /** Begins to receive. */
  start(): void {
    this.poller.start();
  }

  /**
   * Starts no more receives until {@link resume}. Resolves when no receive is open. A resume before
   * that may put off the end of the promise.
   */
  pause(): Promise<void> {
    return this.poller.stop();
  }

  /** Receives again after a pause. Does nothing during a stop. */
  resume(): void {
    if (!this.stopping) this.poller.resume();
  }

  /** Resolves when no message is in hand. */
  whenIdle(): Promise<void> {
    return this.groups.whenIdle();
  }

  /** Counts and times of this moment. Reads memory only. */
  get state(): ConsumerState {
    const { poller, slots, scheduler, inHand, parts } = this;
    const oldest = inHand.first;
    return {
      openReceives: poller.times.openReceives,
      slotsTaken: slots.held,
      // Slots that grew with the rate of the handlers may shrink while messages hold them.
      slots: slots.held + slots.available,
      runningCalls: scheduler.runningCalls,
      inHand: inHand.size,
      oldestInHandMs: oldest ? Math.max(0, parts.clock.now() - oldest.message.receivedAt) : 0,
      sinceAttemptMs: poller.times.sinceAttemptMs,
      sinceReceiveMs: poller.times.sinceReceiveMs,
      stalledMs: poller.stallDetector.waitedMs,
    };
  }

  /** Work that a stop waits for: open receives, and the messages in hand. */
  get work(): { readonly receiving: boolean; readonly inHand: readonly Delivery[] } {
    return { receiving: this.poller.isReceiving, inHand: [...this.inHand] };
  }

  /**
   * Stops as {@link drainWorker} does. Idempotent; never rejects.
   *
   * @param hurry ends the wait as the drain timeout does
   * @returns the messages that were given up
   */
  stop(hurry?: AbortSignal): Promise<readonly Delivery[]> {
    const { queue, clock, options } = this.parts;
    const { drainTimeoutMs } = options;
    const { poller, settler, extender, groups, slowCalls, inHand } = this;
    const parts = { queue, poller, settler, extender, groups, slowCalls, inHand, clock, drainTimeoutMs };
    return (this.stopping ??= drainWorker(parts, hurry));
  }

  accept(message: ReceivedMessage, since: number): void {
    this.groups.push(this.takeOver(message, since));
  }

  /** Adds a message to those in hand. */
  protected takeOver(message: ReceivedMessage, since: number): DeliveryInHand {
    checkReceived(message, this.parts.queue.name);
    const delivery = createDelivery(message, this.extender.track(message, since));
    this.inHand.add(delivery);
    this.reportDelivered(message);
    return delivery;
  }

  private reportDelivered({ id: messageId, receiveCount, sentAt }: ReceivedMessage): void {
    const { report, queue } = this.parts;
    if (isHeard(report, 'delivered')) report({ type: 'delivered', queue: queue.name, messageId, receiveCount, sentAt });
  }

  handle(delivery: DeliveryInHand): Promise<void> {
    return this.handling.handle(delivery);
  }

  async release(delivery: DeliveryInHand): Promise<void> {
    await this.settler.release(delivery);
    this.inHand.delete(delivery);
  }
}
