import { setNewest } from '../common/newest-entries.js';
import type { Settlement } from '../queue/settlement.js';
import type { Delivery } from './delivery.js';

/** Limits the remembered messages, at about 500 bytes each. The oldest is forgotten first. */
const MAX_MESSAGES = 10_000;
/** Limits the remembered text of a reason, in characters. */
const MAX_DETAIL = 200;

interface Decision {
  readonly settlement: Settlement & { readonly type: 'reject' | 'split' };
  readonly methods: readonly string[];
  readonly hasUnreadable: boolean;
  /** Receive count of the last delivery. */
  readonly receiveCount: number;
}

/**
 * Remembers the messages that this worker rejected after their handlers had run, and those of which it
 * handled the calls before one that cannot be read. Later deliveries end in the same way without their
 * handlers. A rejected message can come back: with the poison policy `redrive` it stays until the queue
 * moves it, and a copy for the dead-letter queue can fail. So can the sends of a split.
 *
 * A message whose receive count has not grown is a message that somebody moved back to the queue.
 * Its handlers run again.
 */
export class RejectedMessages {
  private readonly decisions = new Map<string, Decision>();

  constructor(private readonly maxMessages = MAX_MESSAGES) {}

  /** Returns the settlement of an earlier delivery of the message. Undefined if the handlers must run. */
  again(delivery: Delivery): Settlement | undefined {
    const { id, receiveCount } = delivery.message;
    const known = this.decisions.get(id);
    if (known === undefined || receiveCount <= known.receiveCount) return undefined;
    // The events name the methods. Nothing reads the arguments of a call that does not run.
    for (const method of known.methods) delivery.calls.push({ method, args: {} });
    delivery.hasUnreadable = known.hasUnreadable;
    this.remember(delivery, known.settlement);
    return known.settlement;
  }

  /** Notes how a delivery ended, unless its handlers must run again. */
  note(delivery: Delivery, settlement: Settlement): void {
    const { hasUnreadable } = delivery;
    if (settlement.type === 'split' && hasUnreadable) {
      const { type, failed, otherwise } = settlement;
      this.remember(delivery, { type, failed, otherwise: withoutError(otherwise) });
    } else if (settlement.type === 'reject' && (hasUnreadable || settlement.reason === 'handler-rejected')) {
      this.remember(delivery, withoutError(settlement));
    }
  }

  private remember({ message, calls, hasUnreadable }: Delivery, settlement: Decision['settlement']): void {
    const methods = calls.map(({ method }) => method);
    const decision = { settlement, methods, hasUnreadable, receiveCount: message.receiveCount };
    setNewest(this.decisions, message.id, decision, this.maxMessages);
  }
}

/** Leaves out the error of a handler, which may hold much memory, and cuts its text. */
function withoutError<S extends Settlement & { readonly type: 'reject' | 'retry' }>(settlement: S): S {
  if (settlement.type === 'retry') return { type: 'retry', delaySeconds: settlement.delaySeconds } as S;
  const { type, reason, detail = '' } = settlement;
  return { type, reason, detail: detail.slice(0, MAX_DETAIL) } as S;
}
