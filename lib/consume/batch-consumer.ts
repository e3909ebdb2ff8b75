import type { ReceivedMessage } from '../queue/wire-message.js';
import { Consumer, type ConsumerParts } from './consumer.js';
import type { Delivery, DeliveryInHand } from './delivery.js';
import { reserveSlots } from './reserve-slots.js';

/** Messages that are handled together, and what has become of each. */
export interface MessageBatch {
  /** Aborts when nothing may start any more. A receive with this signal returns messages of this batch only. */
  readonly signal: AbortSignal;
  /** True if a message before this one in its group has failed. */
  isBehindFailure(message: ReceivedMessage): boolean;
  /**
   * Notes the end of a message. Returns the messages behind a failed one, which may not start.
   *
   * @param isGone true if the message has to leave the queue
   */
  note(message: ReceivedMessage, isGone: boolean): readonly ReceivedMessage[];
  /** Takes all messages that wait. */
  takeWaiting(): readonly ReceivedMessage[];
}

/**
 * Handles one batch, with slots, groups and settlements of its own, so that no batch holds up the
 * next one. Keeps no request and no timer open without work.
 */
export class BatchConsumer extends Consumer {
  private isHalted = false;
  private hasEnded = false;
  private started = 0;

  constructor(
    parts: ConsumerParts,
    private readonly batch: MessageBatch,
  ) {
    super(parts);
  }

  /** Does nothing: {@link receiveAll} receives. */
  override start(): void {}

  /** Counts the messages whose handling has begun. */
  get startedCount(): number {
    return this.started;
  }

  /**
   * Receives as slots become free, until a receive returns no message or the signal aborts.
   *
   * @throws QueueError a receive failed
   */
  async receiveAll(): Promise<void> {
    const { slots, groups, parts } = this;
    for (;;) {
      const reserved = await reserveSlots({ slots, groups }, this.batch.signal);
      if (reserved === 0) return;
      const since = parts.clock.now();
      let messages: readonly ReceivedMessage[] = [];
      try {
        if (!this.isHalted) messages = await this.receive(reserved);
      } finally {
        groups.arrived(reserved);
        slots.release(reserved - messages.length);
      }
      for (const message of messages) this.acceptOrReturn(message, since);
      if (messages.length === 0) return;
    }
  }

  /** Receives nothing more, and stops as a worker does. */
  override stop(hurry?: AbortSignal): Promise<readonly Delivery[]> {
    this.isHalted = true;
    return super.stop(hurry);
  }

  /** Aborts the handlers, and returns what has not started, also what a receive in progress brings. */
  giveUp(reason: Error): void {
    this.groups.close();
    for (const { lease } of [...this.inHand]) lease.abort(reason);
    this.returnAll(this.batch.takeWaiting());
  }

  /** Ends the batch. Messages that a receive in progress brings are ignored from now on. */
  end(): void {
    this.hasEnded = true;
    this.groups.close();
  }

  override async handle(delivery: DeliveryInHand): Promise<void> {
    this.started += 1;
    await super.handle(delivery);
    this.note(delivery.message, delivery.gone);
  }

  override async release(delivery: DeliveryInHand): Promise<void> {
    await super.release(delivery);
    this.note(delivery.message, false);
  }

  private async receive(max: number): Promise<readonly ReceivedMessage[]> {
    const { queue, options, report } = this.parts;
    const { visibilityTimeoutSeconds } = options;
    const { signal } = this.batch;
    const messages = await queue.receive({ max, waitSeconds: 0, visibilityTimeoutSeconds, signal });
    const { length: count } = messages;
    if (count > 0) report({ type: 'received', queue: queue.name, count, slots: this.slots.held, openReceives: 0 });
    return messages;
  }

  /**
   * Takes over a message that holds a slot, unless the time or a failure of its group is faster. After
   * `giveUp` the groups return it.
   */
  private acceptOrReturn(message: ReceivedMessage, since: number): void {
    const isRefused = this.hasEnded || this.batch.isBehindFailure(message);
    if (isRefused) this.slots.release(1);
    if (this.hasEnded) return;
    if (isRefused) return this.returnAll([message]);
    this.orFail(
      message,
      () => this.accept(message, since),
      () => this.slots.release(1),
    );
  }

  /** Returns messages that hold no slot. */
  private returnAll(messages: readonly ReceivedMessage[]): void {
    const since = this.parts.clock.now();
    for (const message of messages) this.orFail(message, () => void this.release(this.takeOver(message, since)));
  }

  private note(message: ReceivedMessage, isGone: boolean): void {
    this.returnAll(this.batch.note(message, isGone));
  }

  /** Runs a step for a message. A defect concerns one message only, which stays in its queue. */
  private orFail(message: ReceivedMessage, step: () => void, undo?: () => void): void {
    try {
      step();
    } catch (error) {
      undo?.();
      const { queue, report } = this.parts;
      report({ type: 'settle-failed', queue: queue.name, messageId: message.id, error, outcome: 'retry' });
      this.note(message, false);
    }
  }
}
