import type { ReceivedMessage } from '../queue/wire-message.js';
import { Consumer, type ConsumerParts } from './consumer.js';
import type { Delivery, DeliveryInHand } from './delivery.js';
import { reserveSlots } from './reserve-slots.js';

export interface OnDemandConsumerParts extends ConsumerParts {
  /**
   * Takes the end of each delivery.
   *
   * @param isGone true if the message has to leave the queue
   */
  readonly ended: (message: ReceivedMessage, isGone: boolean) => void;
}

/**
 * The handling engine for a queue that says when there are messages. It receives nothing by itself,
 * and keeps no request and no timer open while it has no work.
 */
export class OnDemandConsumer extends Consumer {
  private isHalted = false;
  private readonly ended: OnDemandConsumerParts['ended'];

  constructor(parts: OnDemandConsumerParts) {
    super(parts);
    this.ended = parts.ended;
  }

  /** Does nothing: {@link receiveAll} receives. */
  override start(): void {}

  /**
   * Receives as slots become free, until a receive returns no message or the signal aborts.
   *
   * @throws QueueError a receive failed
   */
  async receiveAll(signal: AbortSignal): Promise<void> {
    const { slots, groups, parts } = this;
    for (;;) {
      const reserved = await reserveSlots({ slots, groups }, signal);
      if (reserved === 0) return;
      const since = parts.clock.now();
      let messages: readonly ReceivedMessage[] = [];
      try {
        if (!this.isHalted) messages = await this.receive(reserved, signal);
      } finally {
        groups.arrived(reserved);
        slots.release(reserved - messages.length);
      }
      for (const message of messages) this.acceptOrFail(message, since);
      if (messages.length === 0) return;
    }
  }

  /** Receives nothing more, and stops as a worker does. */
  override stop(hurry?: AbortSignal): Promise<readonly Delivery[]> {
    this.isHalted = true;
    return super.stop(hurry);
  }

  /** Aborts the handlers of the messages in hand that `isMeant` selects. */
  giveUp(isMeant: (message: ReceivedMessage) => boolean, reason: Error): void {
    for (const { message, lease } of [...this.inHand]) if (isMeant(message)) lease.abort(reason);
  }

  override async handle(delivery: DeliveryInHand): Promise<void> {
    await super.handle(delivery);
    this.ended(delivery.message, delivery.gone);
  }

  override async release(delivery: DeliveryInHand): Promise<void> {
    await super.release(delivery);
    this.ended(delivery.message, false);
  }

  private async receive(max: number, signal: AbortSignal): Promise<readonly ReceivedMessage[]> {
    const { queue, options, report } = this.parts;
    const { visibilityTimeoutSeconds } = options;
    const messages = await queue.receive({ max, waitSeconds: 0, visibilityTimeoutSeconds, signal });
    const { length: count } = messages;
    if (count > 0) report({ type: 'received', queue: queue.name, count, slots: this.slots.held, openReceives: 0 });
    return messages;
  }

  /** Takes over a message. A defect concerns one message only, which stays in its queue. */
  private acceptOrFail(message: ReceivedMessage, since: number): void {
    try {
      this.accept(message, since);
    } catch (error) {
      this.slots.release(1);
      const { queue, report } = this.parts;
      report({ type: 'settle-failed', queue: queue.name, messageId: message.id, error, outcome: 'retry' });
      this.ended(message, false);
    }
  }
}
