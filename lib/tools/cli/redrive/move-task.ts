import { sleep, systemClock } from '../../../queue/clock.js';
import { QueueError } from '../../../queue/queue-error.js';
import type { MoveTask, QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import { CheckFailed } from '../exit.js';

/** A move task of SQS that was started. */
export interface StartedTask {
  readonly handle: string;
  /** Start of the task before it. SQS may still list that one as the latest. */
  readonly before: number | undefined;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;
/** The task is given up after so many answers in a row without it. */
const MAX_UNTOLD = 20;

/**
 * Has SQS move the messages of a dead-letter queue back to where they came from, or to another queue.
 *
 * @param target the ARN of that queue
 * @returns the error by which SQS says that it does not do so for this queue
 * @throws CheckFailed a move is under way already, or the caller may not start one
 */
export async function startTask(admin: QueueAdmin, target?: string): Promise<StartedTask | QueueError> {
  try {
    const latest = await admin.latestMove();
    if (latest !== undefined && !hasEnded(latest)) {
      throw new CheckFailed(
        `SQS is moving messages out of ${admin.location} already, ${latest.moved} so far; wait for that`,
      );
    }
    return { handle: await admin.startMove(target), before: latest?.startedAt };
  } catch (error) {
    // UnsupportedOperation, InvalidAction, ResourceNotFoundException, or what emulators call it: it is refused, and for good.
    if (error instanceof QueueError && error.kind === 'invalid') return error;
    if (error instanceof QueueError && error.kind === 'denied')
      throw new CheckFailed(`${error.message} Or add --by-hand.`);
    throw error;
  }
}

/**
 * Waits for the end of a task, and cancels it when the signal aborts.
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
        throw new CheckFailed(`SQS tells nothing of the move out of ${admin.location}; it may go on`);
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

/** Returns undefined where SQS does not list the task yet, or fails for the time being. */
async function findTask(admin: QueueAdmin, { before }: StartedTask): Promise<MoveTask | undefined> {
  try {
    const latest = await admin.latestMove();
    return before !== undefined && latest?.startedAt === before ? undefined : latest;
  } catch (error) {
    if (error instanceof QueueError && error.retryable) return undefined;
    throw error;
  }
}

/** Does nothing about a task that has ended meanwhile: the list of tasks shows that. */
async function cancel(admin: QueueAdmin, handle: string): Promise<void> {
  try {
    await admin.cancelMove(handle);
  } catch (error) {
    if (!(error instanceof QueueError) || error.kind !== 'invalid') throw error;
  }
}
