import type { Clock } from '../queue/clock.js';
import type { MessageReceiver } from '../queue/queue.js';
import type { Settlement } from '../queue/settlement.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import { createDelivery } from './delivery.js';
import { settleAll } from './settle-all.js';
import type { Settler } from './settler.js';
import type { VisibilityExtender } from './visibility-extender.js';

/** Parts that reject the messages which a stopping worker leaves behind. */
export interface RejectRestParts {
  readonly queue: MessageReceiver;
  readonly settler: Pick<Settler, 'settle'>;
  readonly extender: Pick<VisibilityExtender, 'track'>;
  readonly clock: Clock;
}

/**
 * Messages that are rejected side by side. Each may be a request to the dead-letter queue, and thousands of
 * connections at once would fail where a few hundred do not.
 */
const SIDE_BY_SIDE = 256;

const STOPPED: Settlement = Object.freeze({
  type: 'reject',
  reason: 'worker-stopped',
  detail: 'the worker stopped before the message was handled',
});

/**
 * Rejects every message that is left in the memory of this process, so that the poison policy decides
 * about it. A queue that keeps its messages elsewhere has no such messages. Never rejects.
 *
 * @param over ends the work; the queue reports what is left then when it closes
 */
export async function rejectRest(
  { queue, settler, extender, clock }: RejectRestParts,
  over: AbortSignal,
): Promise<void> {
  const rest = queue.takeRest?.() ?? [];
  const since = clock.now();
  const reject = (message: ReceivedMessage): Promise<void> =>
    settler.settle(createDelivery(message, extender.track(message, since)), STOPPED);
  await settleAll(rest, SIDE_BY_SIDE, reject, over);
}
