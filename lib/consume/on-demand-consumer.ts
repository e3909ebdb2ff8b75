import { BatchConsumer, type MessageBatch } from './batch-consumer.js';
import { type ConsumerControl, type ConsumerParts, type ConsumerState, idleState } from './consumer.js';
import type { Delivery } from './delivery.js';
import { RejectedMessages } from './rejected-messages.js';

/**
 * The handling engine for a queue that says when there are messages. It receives nothing by itself.
 * Each batch of messages has a consumer of its own. They share what has to be remembered of a message
 * that comes back.
 */
export class OnDemandConsumer implements ConsumerControl {
  private readonly open = new Set<BatchConsumer>();
  private readonly parts: ConsumerParts;
  private stopping: Promise<readonly Delivery[]> | undefined;

  constructor(parts: ConsumerParts) {
    this.parts = { ...parts, rejected: new RejectedMessages(), splits: new Map() };
  }

  /** Begins a batch. Handles nothing of it after a stop. */
  begin(batch: MessageBatch): BatchConsumer {
    const consumer = new BatchConsumer(this.parts, batch);
    if (this.stopping) void consumer.stop();
    else this.open.add(consumer);
    return consumer;
  }

  /** Ends a batch. Handlers and requests of it that hang hold nothing up any more. */
  end(consumer: BatchConsumer): void {
    consumer.end();
    this.open.delete(consumer);
  }

  /** Does nothing: each batch is received when it begins. */
  start(): void {}

  /** Does nothing: no receive is open between batches. */
  pause(): Promise<void> {
    return Promise.resolve();
  }

  /** Does nothing, as {@link pause}. */
  resume(): void {}

  async whenIdle(): Promise<void> {
    await Promise.all([...this.open].map((consumer) => consumer.whenIdle()));
  }

  get state(): ConsumerState {
    const { concurrency } = this.parts.options;
    const states = [...this.open].map(({ state }) => state);
    const sum = (name: 'slotsTaken' | 'runningCalls' | 'inHand' | 'slots'): number =>
      states.reduce((total, state) => total + state[name], 0);
    return {
      ...idleState(concurrency),
      slotsTaken: sum('slotsTaken'),
      slots: Math.max(concurrency, sum('slots')),
      runningCalls: sum('runningCalls'),
      inHand: sum('inHand'),
      oldestInHandMs: Math.max(0, ...states.map(({ oldestInHandMs }) => oldestInHandMs)),
    };
  }

  get work(): { readonly receiving: boolean; readonly inHand: readonly Delivery[] } {
    return { receiving: false, inHand: [...this.open].flatMap(({ work }) => work.inHand) };
  }

  stop(hurry?: AbortSignal): Promise<readonly Delivery[]> {
    return (this.stopping ??= this.stopAll(hurry));
  }

  private async stopAll(hurry: AbortSignal | undefined): Promise<readonly Delivery[]> {
    const left = await Promise.all([...this.open].map((consumer) => consumer.stop(hurry)));
    return left.flat();
  }
}
