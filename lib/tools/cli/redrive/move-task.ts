import { type Clock, sleep } from '../../../queue/clock.js';
import { QueueError } from '../../../queue/queue-error.js';
import type { MoveTask } from '../../../carriers/sqs/move-task-answer.js';
import type { QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import { readFailure } from '../../../carriers/sqs/read-failure.js';
import { CheckFailed } from '../exit.js';

/** The operations that move messages inside SQS. */
export type TaskAdmin = Pick<QueueAdmin, 'location' | 'latestMove' | 'startMove' | 'cancelMove'>;

export interface StartedTask {
  readonly handle: string;
  /** Start time of the previous task. SQS may still list the previous task as the latest. */
  readonly before: number | undefined;
}

/** Describes the end of a task. */
export interface EndedTask extends MoveTask {
  /** True if this process has cancelled the task because it moved no message. */
  readonly stalled: boolean;
}

/** Says how to wait for the end of a task. */
export interface Following {
  /** Cancels the task. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Receives the progress. */
  readonly show: (task: MoveTask) => void;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;
/** Limits the consecutive answers of SQS without the task. */
const MAX_UNTOLD = 20;
/** Time in ms after which a task that has moved no further message is cancelled. */
const STALL_MS = 120_000;

/**
 * Looks for a move that is in progress.
 *
 * @returns the latest task, if any; or the error if the server knows no move tasks
 * @throws CheckFailed a move is in progress already, or the caller may not ask
 */
export async function latestTask(admin: TaskAdmin): Promise<MoveTask | QueueError | undefined> {
  const latest = await admin.latestMove().catch((error: unknown) => {
    // Nothing has been started, so a failure of the service is no reason to wait for it.
    if (error instanceof QueueError && (isUnsupported(error) || error.kind === 'service')) return error;
    throw orByHand(error);
  });
  if (latest === undefined || latest instanceof QueueError || hasEnded(latest)) return latest;
  throw new CheckFailed(
    `SQS is moving messages out of ${admin.location} already, ${latest.moved} so far; wait for the end of that move`,
  );
}

/**
 * Asks SQS to move the messages of a dead-letter queue back to their sources, or to another queue.
 *
 * @param target the ARN of the other queue
 * @returns the error if SQS does not move messages of this queue
 * @throws CheckFailed a move is in progress already, or it cannot be known that none has started
 */
export async function startTask(admin: TaskAdmin, target?: string): Promise<StartedTask | QueueError> {
  const latest = await latestTask(admin);
  if (latest instanceof QueueError) return latest;
  try {
    return { handle: await admin.startMove(target), before: latest?.startedAt };
  } catch (error) {
    if (error instanceof QueueError && isUnsupported(error)) return error;
    throw orByHand(error);
  }
}

/**
 * Permanent refusals: UnsupportedOperation, InvalidAction, ResourceNotFoundException, the code of an
 * emulator, or 501. An emulator may look for the queue under another parameter, and not find it.
 */
function isUnsupported({ kind, cause }: QueueError): boolean {
  return kind === 'invalid' || kind === 'missing-queue' || readFailure(cause).status === 501;
}

/** Adds the advice that helps if only the move tasks fail. */
function orByHand(error: unknown): unknown {
  if (!(error instanceof QueueError) || error.kind === 'credentials') return error;
  return new CheckFailed(`${error.message} Or add --by-hand.`);
}

/**
 * Waits for the end of a task. Cancels the task when the signal aborts, and when the task has moved
 * no message for two minutes.
 *
 * @throws CheckFailed the end of the task does not show
 */
export async function endOfTask(
  admin: TaskAdmin,
  started: StartedTask,
  { signal, clock, show }: Following,
): Promise<EndedTask> {
  const watch = new TaskWatch(clock);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    if (watch.shouldCancel(signal)) {
      pause = FIRST_PAUSE_MS;
      await cancel(admin, started.handle);
    }
    const task = await findTask(admin, started);
    if (task !== undefined && hasEnded(task)) return { ...task, stalled: watch.cancelled === 'stalled' };
    if (watch.isLost(task)) throw lost(admin);
    if (task !== undefined) show(task);
    await sleep(clock, pause, watch.cancelled === undefined ? signal : undefined);
  }
}

function lost({ location }: TaskAdmin): CheckFailed {
  return new CheckFailed(
    `SQS does not show the end of the move out of ${location}, and the move may continue. When it has ended, move the other messages with --by-hand`,
  );
}

/** Watches what SQS tells about a task that has not ended. */
class TaskWatch {
  /** Reason for which the task was cancelled. */
  cancelled: 'interrupted' | 'stalled' | undefined;
  private moved = 0;
  private progressAt: number;
  private untold = 0;

  constructor(private readonly clock: Clock) {
    this.progressAt = clock.now();
  }

  /** True once: if the command is interrupted, or if the task has moved no message for a long time. */
  shouldCancel({ aborted }: AbortSignal): boolean {
    if (this.cancelled !== undefined) return false;
    const isStalled = this.clock.now() - this.progressAt >= STALL_MS;
    if (aborted || isStalled) this.cancelled = aborted ? 'interrupted' : 'stalled';
    return this.cancelled !== undefined;
  }

  /** Takes an answer. True if the end of the task will not show. */
  isLost(task: MoveTask | undefined): boolean {
    if (task !== undefined && task.moved !== this.moved) {
      this.moved = task.moved;
      this.progressAt = this.clock.now();
    }
    this.untold = task === undefined || this.cancelled !== undefined ? this.untold + 1 : 0;
    return this.untold > MAX_UNTOLD;
  }
}

function hasEnded({ status }: MoveTask): boolean {
  return status !== 'RUNNING' && status !== 'CANCELLING';
}

/** Finds the task. Undefined if SQS does not list the task yet, or fails. */
async function findTask(admin: TaskAdmin, { before }: StartedTask): Promise<MoveTask | undefined> {
  try {
    const latest = await admin.latestMove();
    return before !== undefined && latest?.startedAt === before ? undefined : latest;
  } catch (error) {
    // The task has started. Any failure means that its state is unknown for now.
    if (error instanceof QueueError) return undefined;
    throw error;
  }
}

/**
 * Cancels a task. A refusal does not matter, because the list of tasks shows what became of it.
 */
async function cancel(admin: TaskAdmin, handle: string): Promise<void> {
  try {
    await admin.cancelMove(handle);
  } catch (error) {
    if (!(error instanceof QueueError)) throw error;
  }
}
