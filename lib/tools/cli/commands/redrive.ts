import { type Command, Option } from 'commander';
import { SEPARATOR } from '../../../event/contract.js';
import type { EventCodec } from '../../../event/event-codec.js';
import { ContractError } from '../../../event/event-error.js';
import { QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import { withPrefix } from '../../../queue/derived-names.js';
import { confirm } from '../confirm.js';
import {
  addContractFlags,
  addQueueFlags,
  codecOf,
  collect,
  loadServices,
  parseCount,
  type QueueFlags,
  queueOf,
  queueOptions,
} from '../flags.js';
import { MoveDestinations } from '../redrive/destinations.js';
import { MoveSources } from '../redrive/move-sources.js';
import type { RedriveFlags } from '../redrive/redrive-flags.js';
import { runHandMove } from '../redrive/run-hand-move.js';
import { runTask } from '../redrive/run-task.js';
import { count } from '../text.js';

/** Adds `redrive`, which moves messages out of a dead-letter queue. */
export function addRedrive(program: Command): void {
  const command = program
    .command('redrive')
    .description('move the messages of a dead-letter queue back to their source queues')
    .addOption(
      new Option('--to <queue>', 'move all messages to this queue instead: name, URL or ARN').conflicts('source'),
    )
    .option(
      '--source <queue>',
      'also move messages back to this queue if their notes name it: name, URL or ARN; may be given several times',
      collect,
    )
    .option(
      '--method <name>',
      'move only calls of this method: by the IDL, or without --idl by the name in the message',
    )
    .option(
      '--reason <reason>',
      'move only messages that a worker dead-lettered for this reason, such as missing-required',
    )
    .option('--limit <messages>', 'move at most this number of messages', parseCount)
    .option('--by-hand', 'receive, send and delete each message, even if SQS could move it itself')
    .option('--dry-run', 'only show the moves, and release all messages')
    .option('--yes', 'do not ask for confirmation');
  addQueueFlags(addContractFlags(command))
    .addHelpText(
      'after',
      `
SQS itself moves messages that a redrive policy has moved to this queue. The command receives, sends and deletes each message by itself with
a filter, --source, --limit or --by-hand, and the messages that SQS leaves. Body, attributes, group and trace header stay the same.
A message goes to --to, else to the queue that SQS names, else to the queue that its attribute thrift-dead-letter names. Every sender to
the dead-letter queue can write the attribute. So it counts only for queues with a redrive policy to this dead-letter queue, and for --source.
In this way:
  - a message is deleted only after its copy was stored, so a message may be moved twice, but none is lost;
  - messages that stay are hidden meanwhile and released at the end, which counts as a receive, with --dry-run too;
  - a FIFO queue shows nothing behind a message that stays, so run the command again with the same filter.
Ctrl-C ends the command in order.

Example:
  nestjs-sqs-thrift redrive --queue backup-failed --idl idl/backup.thrift --method startBackup --dry-run`,
    )
    .action((flags: QueueFlags & Omit<RedriveFlags, 'queue'>) =>
      redrive(command, {
        ...flags,
        queue: queueOf(command, flags, undefined),
        ...(flags.to !== undefined && { to: withPrefix(flags.to, flags.prefix) }),
        ...(flags.source !== undefined && { source: flags.source.map((name) => withPrefix(name, flags.prefix)) }),
      }),
    );
}

async function redrive(command: Command, flags: RedriveFlags): Promise<void> {
  const codec = codecOf(loadServices(flags));
  if (codec !== undefined && flags.method !== undefined) checkMethod(command, codec, flags.method);
  const admin = await QueueAdmin.open(queueOptions(flags.queue, flags));
  const destinations = new MoveDestinations(admin);
  try {
    const sources = new MoveSources(admin, flags.source);
    for (const source of flags.source ?? []) await destinations.find(source);
    const target = flags.to === undefined ? undefined : await destinations.find(flags.to);
    const { visible } = await admin.depth();
    if (!flags.dryRun) {
      const where = target === undefined ? 'back to their source queues' : `to ${target.name}`;
      const question = `Move ${howMany(flags, visible)} of ${admin.location} ${where}?`;
      await confirm(question, flags.yes ?? false, (message) => command.error(message));
    }
    const task = await runTask(admin, visible, flags);
    if (task.done) return;
    await runHandMove({ admin, destinations, sources, codec, visible, movedBySqs: task.moved }, flags);
  } finally {
    await destinations.close();
    admin.close();
  }
}

function howMany({ method, reason, limit }: RedriveFlags, visible: number): string {
  const filters = [method !== undefined && `method ${method}`, reason !== undefined && `reason ${reason}`];
  const which = filters.filter((filter) => filter !== false).join(' and ');
  const most = limit === undefined ? '' : `at most ${limit} of `;
  return `${most}about ${count(visible, 'message')}${which === '' ? '' : `, only those of ${which},`}`;
}

/**
 * Refuses a method that the IDL does not declare, because no message could pass the filter. Also
 * accepts the names under which messages are shown.
 */
function checkMethod(command: Command, codec: EventCodec, method: string): void {
  try {
    codec.contract.resolve(method.replace(/^([^.:]+)\./, `$1${SEPARATOR}`));
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    if (error.code !== 'ambiguous-method') command.error(`error: --method: ${error.message}`);
  }
}
