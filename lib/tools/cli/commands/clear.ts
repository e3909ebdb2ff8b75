import type { Command } from 'commander';
import { openSqsQueue } from '../../../carriers/sqs/open-sqs-queue.js';
import { QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import { CheckFailed } from '../exit.js';
import { confirm } from '../confirm.js';
import { addQueueFlags, type QueueFlags, queueOf, queueOptions } from '../flags.js';
import { interruptible } from '../interrupt.js';
import { note, print } from '../print.js';
import { Progress } from '../progress.js';
import { drain } from '../queue/drain.js';
import { remainingMessages, remainingText, stuckText } from '../queue/release.js';
import { count } from '../text.js';

interface ClearFlags extends QueueFlags {
  readonly queue: string;
  readonly purge?: true;
  readonly yes?: true;
}

/** Adds `clear`, which deletes the messages of a queue. */
export function addClear(program: Command): void {
  const command = program
    .command('clear')
    .description('delete the messages of a queue and print their number')
    .option('--purge', 'let SQS delete all messages at once, including messages in flight, without counting them')
    .option('--yes', 'do not ask for confirmation');
  addQueueFlags(command)
    .addHelpText(
      'after',
      `
Without --purge the command receives and deletes until the queue is empty; messages in flight or delayed stay.

Example:
  nestjs-sqs-thrift clear --queue backup-test --yes`,
    )
    .action((flags: QueueFlags & Omit<ClearFlags, 'queue'>) =>
      clear(command, { ...flags, queue: queueOf(command, flags, undefined) }),
    );
}

async function clear(command: Command, flags: ClearFlags): Promise<void> {
  const admin = await QueueAdmin.open(queueOptions(flags.queue, flags));
  try {
    const { visible, inFlight } = await admin.depth();
    const what = flags.purge
      ? `all of about ${count(visible + inFlight, 'message')}`
      : `about ${count(visible, 'message')}`;
    await confirm(`Delete ${what} in ${admin.location}?`, flags.yes ?? false, (message) => command.error(message));
    if (flags.purge) return await purge(admin, flags);
    await clearOneByOne(admin, flags, visible);
  } finally {
    admin.close();
  }
}

async function purge(admin: QueueAdmin, { json }: ClearFlags): Promise<void> {
  await admin.purge();
  await print(
    json,
    { queue: admin.name, purged: true },
    `SQS purges queue "${admin.name}", which is empty within 60 seconds`,
  );
}

async function clearOneByOne(admin: QueueAdmin, flags: ClearFlags, expected: number): Promise<void> {
  const queue = await openSqsQueue(queueOptions(flags.queue, flags));
  const progress = new Progress('deleted');
  let deleted = 0;
  try {
    const ended = await interruptible((signal) =>
      drain(queue, signal, async (messages) => {
        const outcomes = await queue.acknowledge(messages);
        deleted += outcomes.filter(({ ok }) => ok).length;
        progress.show(deleted, expected);
        return outcomes;
      }),
    ).catch((error: unknown) => ({ error }));
    progress.clear();
    // Report the number of deleted messages, however the command has ended.
    const left = await remainingMessages(admin);
    await print(
      flags.json,
      { queue: queue.name, deleted, left },
      `${count(deleted, 'message')} deleted from queue "${queue.name}"`,
    );
    if ('error' in ended) throw ended.error;
    if (ended.failures > 0) {
      throw new CheckFailed(`${count(ended.failures, 'message')} could not be deleted and will come back`);
    }
    if (ended.interrupted) throw new CheckFailed('interrupted; the other messages are still in the queue');
    const stuck = stuckText(queue, left);
    if (stuck !== undefined) throw new CheckFailed(stuck);
    const text = left && remainingText(left);
    if (text !== undefined) note(flags.json, text);
  } finally {
    progress.clear();
    await queue.close();
  }
}
