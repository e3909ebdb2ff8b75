import type { Queue } from '../../queue/queue.js';
import { QueueError } from '../../queue/queue-error.js';
import type { QueueAdmin } from '../../sqs/queue-admin.js';
import { count } from '../text.js';

/** What a queue still holds after it was drained, as SQS counts it: approximately. */
export type LeftBehind = Awaited<ReturnType<QueueAdmin['depth']>>;

/** Undefined where SQS does not tell, as of a queue that was deleted meanwhile. */
export async function leftBehind(admin: QueueAdmin): Promise<LeftBehind | undefined> {
  try {
    return await admin.depth();
  } catch (error) {
    if (error instanceof QueueError) return undefined;
    throw error;
  }
}

/** What is left, for people; undefined where nothing is. */
export function leftText({ visible, inFlight, delayed }: LeftBehind): string | undefined {
  const parts = [
    visible > 0 && `about ${visible} that came meanwhile or that SQS did not give out`,
    inFlight > 0 && `about ${inFlight} in flight`,
    delayed > 0 && `about ${delayed} delayed`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? undefined : `left: ${parts.join(', ')}`;
}

/** Why a FIFO queue is not empty though it gives nothing out; undefined where that is not so. */
export function stuckText({ features }: Queue, left: LeftBehind | undefined): string | undefined {
  if (!features.ordered || left === undefined || left.visible === 0 || left.inFlight === 0) return undefined;
  return `about ${count(left.visible, 'message')} stay behind others of their message group that are in flight; try again when those have ended`;
}
