import type { LinkedItems } from '../common/linked-items.js';
import type { EventCodec } from '../event/event-codec.js';
import { MalformedEventError } from '../event/event-error.js';
import { ABANDON, ACK, type Settlement } from '../queue/settlement.js';
import { type TracedDecision, endingTracer } from '../diagnostics/tracer.js';
import type { CallScheduler } from './call-scheduler.js';
import type { Delivery, DeliveryInHand } from './delivery.js';
import { type MapErrorParts, mapError } from './map-error.js';
import type { MessageSlots } from './message-slots.js';
import { RejectedMessages } from './rejected-messages.js';
import type { Settler } from './settler.js';

export interface DeliveryHandlerParts extends MapErrorParts {
  readonly codec: Pick<EventCodec, 'read'>;
  readonly scheduler: CallScheduler;
  readonly settler: Settler;
  readonly slots: Pick<MessageSlots, 'began' | 'ended'>;
  readonly inHand: LinkedItems<DeliveryInHand>;
  readonly rejected?: RejectedMessages | undefined;
}

/** Handles deliveries, each from its start to its settlement. */
export class DeliveryHandler {
  private readonly rejected: RejectedMessages;

  constructor(private readonly parts: DeliveryHandlerParts) {
    this.rejected = parts.rejected ?? new RejectedMessages();
  }

  /**
   * Lets a delivery start only while its lease is sure, runs its calls, and acts on the settlement.
   * Never rejects. If a step has a defect, it is reported, and the message comes back when its lease
   * ends. One function for all steps: each further asynchronous function costs every message.
   */
  async handle(delivery: DeliveryInHand): Promise<void> {
    const { settler, slots, inHand } = this.parts;
    const { lease } = delivery;
    slots.began();
    try {
      if (lease.confirmed) await lease.confirmed;
      let settlement = lease.lost ? ABANDON : this.rejected.again(delivery);
      settlement ??= await this.run(delivery);
      traceDecision(delivery, settlement);
      // Before the message is released, no late renewal may be in progress.
      if (settlement.type === 'retry') await lease.stop();
      // The settler ends the renewal of a split and of a rejection, since their sends may outlast the lease.
      else if (settlement.type === 'ack') lease.end();
      slots.ended(delivery);
      await settler.settle(delivery, lease.lost ? abandon(settlement) : settlement);
    } catch (error) {
      slots.ended(delivery);
      traceDecision(delivery, ABANDON);
      settler.fail(delivery, 'retry', error);
    }
    inHand.delete(delivery);
  }

  /** Runs the calls of a delivery. Every error becomes a settlement. */
  private async run(delivery: Delivery): Promise<Settlement> {
    const { codec, scheduler } = this.parts;
    const { defect, fault, body } = delivery.message;
    try {
      if (defect) throw new MalformedEventError(defect.reason, defect.detail);
      if (fault) throw fault;
      await scheduler.handle(delivery, () => codec.read(body));
      return ACK;
    } catch (error) {
      const settlement = mapError(error, delivery, this.parts);
      this.rejected.note(delivery, settlement);
      return settlement;
    }
  }
}

function traceDecision({ message, lease }: Delivery, settlement: Settlement): void {
  endingTracer()?.decide(message, decisionOf(lease.lost ? ABANDON : settlement));
}

function decisionOf(settlement: Settlement): TracedDecision {
  const { type: outcome } = settlement;
  if (outcome === 'reject') return { outcome, reason: settlement.reason };
  return outcome === 'retry' ? { outcome, delaySeconds: settlement.delaySeconds } : { outcome };
}

function abandon(settlement: Settlement): Settlement {
  return 'error' in settlement ? { ...ABANDON, error: settlement.error } : ABANDON;
}
