import type { RedrivePolicy } from '../queue/queue.js';
import type { ReceivedMessage } from '../queue/wire-message.js';

/** The redrive policy of a queue; `unknown` if this process may not read it. */
export type KnownRedrive = RedrivePolicy | 'unknown' | undefined;

type Counted = Pick<ReceivedMessage, 'receiveCount'>;

/**
 * True if this is the last delivery of a message: the queue moves it instead of delivering it again.
 * The receive count is a fact about all receivers of the queue. A count beyond the policy shows that
 * the queue does not follow the policy, for instance because its dead-letter queue is gone.
 */
export function isLastReceive({ receiveCount }: Counted, redrive: KnownRedrive): boolean {
  return redrive !== 'unknown' && receiveCount === redrive?.maxReceiveCount;
}

/** True if the queue delivers a message again that is released now. False if that is unknown. */
export function comesBack(message: Counted, redrive: KnownRedrive): boolean {
  return redrive !== 'unknown' && !isLastReceive(message, redrive);
}

/** True if the queue will move a message that is released again and again. */
export function willBeMoved({ receiveCount }: Counted, redrive: KnownRedrive): boolean {
  return redrive !== 'unknown' && redrive !== undefined && receiveCount <= redrive.maxReceiveCount;
}
