import { systemClock } from '../../../queue/clock.js';
import { QueueError } from '../../../queue/queue-error.js';
import { QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import { CheckFailed } from '../exit.js';
import { interruptible } from '../interrupt.js';
import { note, print } from '../print.js';
import { Progress } from '../progress.js';
import { remainingMessages } from '../queue/release.js';
import { count, lineText } from '../text.js';
import { type EndedTask, endOfTask, latestTask, type StartedTask, startTask } from './move-task.js';
import { isForSqs, type RedriveFlags } from './redrive-flags.js';

/** States what is left to do after SQS was asked to move the messages. */
export type TaskResult =
  | { readonly done: true }
  /** The command moves the rest by itself. `moved`: number of messages that SQS says it has moved. */
  | { readonly done: false; readonly moved: number };

const ALL_LEFT: TaskResult = { done: false, moved: 0 };

/**
 * Lets SQS move the messages, where it can. With `--dry-run` only looks if it can.
 *
 * @param visible number of messages that were visible before
 * @throws CheckFailed the move was cancelled, is in progress already, or may still be
 */
export async function runTask(admin: QueueAdmin, visible: number, flags: RedriveFlags): Promise<TaskResult> {
  if (!isForSqs(flags)) return ALL_LEFT;
  if (flags.dryRun) {
    const latest = await latestTask(admin);
    if (latest instanceof QueueError) noteUnsupported(latest, flags);
    else
      note(flags.json, 'SQS itself would move these messages; what it leaves is then moved one by one, as shown here');
    return ALL_LEFT;
  }
  const task = await startTask(admin, flags.to === undefined ? undefined : await arnOf(admin, flags.to));
  if (!(task instanceof QueueError)) return followTask(admin, task, visible, flags);
  noteUnsupported(task, flags);
  return ALL_LEFT;
}

function noteUnsupported({ code }: QueueError, { json }: RedriveFlags): void {
  note(json, `SQS does not move these messages itself (${code}): moving them one by one`);
}

async function arnOf(admin: QueueAdmin, queue: string): Promise<string> {
  const other = await QueueAdmin.open(admin.beside(queue));
  try {
    return other.arn;
  } finally {
    other.close();
  }
}

async function followTask(
  admin: QueueAdmin,
  started: StartedTask,
  visible: number,
  { json }: RedriveFlags,
): Promise<TaskResult> {
  const progress = new Progress('moved');
  let task: EndedTask;
  try {
    task = await interruptible((signal) =>
      endOfTask(admin, started, {
        signal,
        clock: systemClock,
        show: ({ moved, toMove }) => progress.show(moved, toMove),
      }),
    );
  } finally {
    progress.clear();
  }
  const { status, moved } = task;
  const left = await whatIsLeft(admin, task, visible);
  if (left !== undefined) {
    note(json, `${left}: moving the other messages one by one`);
    return { done: false, moved };
  }
  await print(json, { queue: admin.name, by: 'sqs', status, moved }, `${count(moved, 'message')} moved`);
  if (status === 'CANCELLED') throw new CheckFailed('cancelled; the other messages are still in the queue');
  return { done: true };
}

/**
 * Says why messages may be left that the command can move. Undefined if SQS has moved all of them, or
 * if somebody has cancelled the move. A server may end a move without an error that has moved nothing.
 */
async function whatIsLeft(
  admin: QueueAdmin,
  { status, moved, stalled, failureReason }: EndedTask,
  visible: number,
): Promise<string | undefined> {
  if (status === 'FAILED') return `SQS stopped the move (${lineText(failureReason ?? 'it gives no reason')})`;
  if (stalled && status === 'CANCELLED') return 'SQS moved no message for two minutes, and has cancelled the move';
  if (status === 'CANCELLED' || moved >= visible) return undefined;
  const left = (await remainingMessages(admin))?.visible ?? 0;
  if (left === 0) return undefined;
  return `SQS has ended the move after ${count(moved, 'message')}, and about ${left} are still visible`;
}
