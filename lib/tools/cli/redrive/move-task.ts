import { sleep, systemClock } from '../../../queue/clock.js';
import { QueueError } from '../../../queue/queue-error.js';
import type { MoveTask, QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import { CheckFailed } from '../exit.js';

export interface StartedTask {
  readonly handle: string;
  /** Start time of the previous task. SQS may still list the previous task as the latest. */
  readonly before: number | undefined;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;
/** Limits the consecutive answers of SQS without the task. */
const MAX_UNTOLD = 20;

/**
 * Asks SQS to move the messages of a dead-letter queue back to their sources, or to another queue.
 *
 * @param target the ARN of the other queue
 * @returns the error if SQS does not move messages of this queue
 * @throws CheckFailed a move is in progress already, or the caller may not start a move
 */
export async function startTask(admin: QueueAdmin, target?: string): Promise<StartedTask | QueueError> {
  try {
    const latest = await admin.latestMove();
    if (latest !== undefined && !hasEnded(latest)) {
      throw new CheckFailed(
        `SQS is moving messages out of ${admin.location} already, ${latest.moved} so far; wait for the end of that move`,
      );
    }
    return { handle: await admin.startMove(target), before: latest?.startedAt };
  } catch (error) {
    // UnsupportedOperation, InvalidAction, ResourceNotFoundException, or the code of an emulator:
    // the refusal is permanent.
    if (error instanceof QueueError && error.kind === 'invalid') return error;
    if (error instanceof QueueError && error.kind === 'denied')
      throw new CheckFailed(`${error.message} Or add --by-hand.`);
    throw error;
  }
}

/**
 * Waits for the end of a task. Cancels the task when the signal aborts.
 *
 * @param show receives the progress
 */
export async function endOfTask(
  admin: QueueAdmin,
  started: StartedTask,
  signal: AbortSignal,
  show: (task: MoveTask) => void,
): Promise<MoveTask> {
  let cancelled = false;
  let untold = 0;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    if (signal.aborted && !cancelled) {
      cancelled = true;
      pause = FIRST_PAUSE_MS;
      await cancel(admin, started.handle);
    }
    const task = await findTask(admin, started);
    if (task === undefined) {
      untold += 1;
      if (untold > MAX_UNTOLD)
        throw new CheckFailed(`SQS does not list the move out of ${admin.location}; the move may continue`);
    } else {
      if (hasEnded(task)) return task;
      show(task);
      untold = 0;
    }
    await sleep(systemClock, pause, cancelled ? undefined : signal);
  }
}

function hasEnded({ status }: MoveTask): boolean {
  return status !== 'RUNNING' && status !== 'CANCELLING';
}

/** Finds the task. Undefined if SQS does not list the task yet, or fails temporarily. */
async function findTask(admin: QueueAdmin, { before }: StartedTask): Promise<MoveTask | undefined> {
  try {
    const latest = await admin.latestMove();
    return before !== undefined && latest?.startedAt === before ? undefined : latest;
  } catch (error) {
    if (error instanceof QueueError && error.retryable) return undefined;
    throw error;
  }
}

/**
 * Cancels a task. Ignores a task that has ended already, because the list of tasks shows its end.
 */
async function cancel(admin: QueueAdmin, handle: string): Promise<void> {
  try {
    await admin.cancelMove(handle);
  } catch (error) {
    if (!(error instanceof QueueError) || error.kind !== 'invalid') throw error;
  }
}
