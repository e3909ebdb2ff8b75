import { setNewest } from '../common/newest-entries.js';
import type { Settlement } from '../queue/settlement.js';
import type { Delivery } from './delivery.js';

/** Limits the remembered messages, at about 500 bytes each. The oldest is forgotten first. */
const MAX_MESSAGES = 10_000;
/** Limits the remembered text of a reason, in characters. */
const MAX_DETAIL = 200;

interface Rejection {
  readonly settlement: Settlement & { readonly type: 'reject' };
  readonly methods: readonly string[];
  /** Receive count of the last delivery. */
  readonly receiveCount: number;
}

/**
 * Remembers the messages that this worker rejected after their handlers had run, so that later
 * deliveries are rejected again without their handlers. A rejected message can come back: with the poison policy
 * `redrive` it stays until the queue moves it, and a copy for the dead-letter queue can fail.
 *
 * A message whose receive count has not grown is a message that somebody moved back to the queue.
 * Its handlers run again.
 */
export class RejectedMessages {
  private readonly rejections = new Map<string, Rejection>();

  constructor(private readonly maxMessages = MAX_MESSAGES) {}

  /** Returns the settlement of an earlier delivery of the message. Undefined if the handlers must run. */
  again(delivery: Delivery): Settlement | undefined {
    const { id, receiveCount } = delivery.message;
    const known = this.rejections.get(id);
    if (known === undefined || receiveCount <= known.receiveCount) return undefined;
    // The events name the methods. Nothing reads the arguments of a call that does not run.
    for (const method of known.methods) delivery.calls.push({ method, args: {} });
    this.remember(delivery, known.settlement);
    return known.settlement;
  }

  /** Notes how a delivery ended. If no handler ran, nothing needs to be remembered. */
  note(delivery: Delivery, settlement: Settlement): void {
    if (settlement.type !== 'reject') return;
    if (settlement.reason !== 'handler-rejected' && !delivery.hasUnreadable) return;
    // The error of the handler may hold much memory, and the detail is its text.
    const { type, reason, detail = '' } = settlement;
    this.remember(delivery, { type, reason, detail: detail.slice(0, MAX_DETAIL) });
  }

  private remember({ message, calls }: Delivery, settlement: Rejection['settlement']): void {
    const methods = calls.map(({ method }) => method);
    const rejection = { settlement, methods, receiveCount: message.receiveCount };
    setNewest(this.rejections, message.id, rejection, this.maxMessages);
  }
}
