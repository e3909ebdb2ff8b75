import type { MessageReceiver, RedrivePolicy } from '../queue/queue.js';
import type { RejectReason } from '../queue/settlement.js';
import type { ReceivedMessage } from '../queue/wire-message.js';

/** The redrive policy of a queue; `unknown` if this process may not read it. */
export type KnownRedrive = RedrivePolicy | 'unknown' | undefined;

type Counted = Pick<ReceivedMessage, 'receiveCount'>;

/**
 * True if this is the last delivery of a message: the queue moves it instead of delivering it again.
 * The receive count is a fact about all receivers of the queue. A count beyond the policy says
 * nothing: a queue whose dead-letter queue is gone does not follow the policy.
 */
export function isLastReceive({ receiveCount }: Counted, redrive: KnownRedrive): boolean {
  return redrive !== 'unknown' && receiveCount === redrive?.maxReceiveCount;
}

/** True if the queue delivers a message again that is released now. False if that is unknown. */
export function comesBack(message: Counted, redrive: KnownRedrive): boolean {
  return redrive !== 'unknown' && !isLastReceive(message, redrive);
}

/** Receives beyond the policy that a standard queue may count for duplicate deliveries. */
const DUPLICATES = 3;

/** Reasons to reject a message that another version of the worker might handle. */
const MAY_CHANGE: ReadonlySet<RejectReason> = new Set(['unknown-method', 'unknown-service', 'handler-rejected']);

/**
 * True if a rejected message should use up its receives without delay, because the queue will then
 * move it. On an ordered queue every rejected message would hold up its group meanwhile. On other
 * queues a message that a newer worker might handle comes back later. So does a message whose count
 * shows that the queue does not follow its policy.
 */
export function usesUpReceives(
  { receiveCount }: Counted,
  reason: RejectReason,
  { features, redrive }: Pick<MessageReceiver, 'features' | 'redrive'>,
): boolean {
  if (redrive === undefined || redrive === 'unknown') return false;
  if (receiveCount > redrive.maxReceiveCount + DUPLICATES) return false;
  return features.ordered || !MAY_CHANGE.has(reason);
}
