import type { Clock } from '../queue/clock.js';
import type { MessageReceiver } from '../queue/queue.js';
import type { Settlement } from '../queue/settlement.js';
import { createDelivery } from './delivery.js';
import type { Settler } from './settler.js';
import type { VisibilityExtender } from './visibility-extender.js';

/** Parts that reject the messages which a stopping worker leaves behind. */
export interface RejectRestParts {
  readonly queue: MessageReceiver;
  readonly settler: Pick<Settler, 'settle'>;
  readonly extender: Pick<VisibilityExtender, 'track'>;
  readonly clock: Clock;
}

const STOPPED: Settlement = Object.freeze({
  type: 'reject',
  reason: 'worker-stopped',
  detail: 'the worker stopped before the message was handled',
});

/**
 * Rejects every message that is left in the memory of this process, so that the poison policy decides
 * about it. A queue that keeps its messages elsewhere has no such messages. Never rejects.
 */
export async function rejectRest({ queue, settler, extender, clock }: RejectRestParts): Promise<void> {
  const rest = queue.takeRest?.() ?? [];
  const since = clock.now();
  await Promise.allSettled(
    rest.map((message) => settler.settle(createDelivery(message, extender.track(message, since)), STOPPED)),
  );
}
