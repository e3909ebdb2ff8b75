import type { Command } from 'commander';
import { SEPARATOR } from '../../../event/contract.js';
import type { EventCodec } from '../../../event/event-codec.js';
import { ContractError } from '../../../event/event-error.js';
import type { Queue } from '../../../queue/queue.js';
import { QueueError } from '../../../queue/queue-error.js';
import { openSqsQueue } from '../../../carriers/sqs/open-sqs-queue.js';
import { QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import { CheckFailed } from '../exit.js';
import { confirm } from '../confirm.js';
import {
  addContractFlags,
  addQueueFlags,
  codecOf,
  type ContractFlags,
  loadServices,
  parseCount,
  type QueueFlags,
  queueOf,
  queueOptions,
} from '../flags.js';
import { interruptible } from '../interrupt.js';
import { note, print } from '../print.js';
import { Progress } from '../progress.js';
import { remainingMessages, stuckText } from '../queue/release.js';
import { MoveDestinations } from '../redrive/destinations.js';
import { HandMove, type HandMoveParts } from '../redrive/move-by-hand.js';
import { endOfTask, type StartedTask, startTask } from '../redrive/move-task.js';
import { count } from '../text.js';

interface RedriveFlags extends QueueFlags, ContractFlags {
  readonly queue: string;
  readonly to?: string;
  readonly method?: string;
  readonly reason?: string;
  readonly limit?: number;
  readonly byHand?: true;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** Adds `redrive`, which moves messages out of a dead-letter queue. */
export function addRedrive(program: Command): void {
  const command = program
    .command('redrive')
    .description('move the messages of a dead-letter queue back to their source queues')
    .option('--to <queue>', 'move all messages to this queue instead: name, URL or ARN')
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
a filter, --limit or --by-hand, and if SQS does not move the messages of this queue. Body, attributes, group and trace header stay the same.
A message goes to --to, else to the queue that SQS or the attribute thrift-dead-letter names. In this way:
  - a message is deleted only after its copy was stored, so a message may be moved twice, but none is lost;
  - messages that stay are hidden meanwhile and released at the end, which counts as a receive, with --dry-run too;
  - a FIFO queue shows nothing behind a message that stays, so run the command again with the same filter;
  - every sender to the dead-letter queue can write the attribute, so check the destinations with --dry-run.
Ctrl-C ends the command in order.

Example:
  nestjs-sqs-thrift redrive --queue backup-failed --idl idl/backup.thrift --method startBackup --dry-run`,
    )
    .action((flags: QueueFlags & Omit<RedriveFlags, 'queue'>) =>
      redrive(command, { ...flags, queue: queueOf(command, flags, undefined) }),
    );
}

async function redrive(command: Command, flags: RedriveFlags): Promise<void> {
  const codec = codecOf(loadServices(flags));
  if (codec !== undefined && flags.method !== undefined) checkMethod(command, codec, flags.method);
  const admin = await QueueAdmin.open(queueOptions(flags.queue, flags));
  const destinations = new MoveDestinations(admin);
  try {
    const target = flags.to === undefined ? undefined : await destinations.find(flags.to);
    const { visible } = await admin.depth();
    if (!flags.dryRun) {
      const where = target === undefined ? 'back to their source queues' : `to ${target.name}`;
      const question = `Move ${howMany(flags, visible)} of ${admin.location} ${where}?`;
      await confirm(question, flags.yes ?? false, (message) => command.error(message));
    }
    const task = await startSqsMove(admin, flags);
    if (task !== undefined) return await followTask(admin, task, flags);
    await moveByHand(admin, destinations, { codec, visible }, flags);
  } finally {
    await destinations.close();
    admin.close();
  }
}

/**
 * Asks SQS to move the messages.
 *
 * @returns undefined if each message must be moved by hand
 */
async function startSqsMove(admin: QueueAdmin, flags: RedriveFlags): Promise<StartedTask | undefined> {
  if (!isForSqs(flags)) return undefined;
  const task = await startTask(admin, flags.to === undefined ? undefined : await arnOf(admin, flags.to));
  if (!(task instanceof QueueError)) return task;
  note(flags.json, `SQS does not move these messages itself (${task.code}): moving them one by one`);
  return undefined;
}

async function moveByHand(
  admin: QueueAdmin,
  destinations: MoveDestinations,
  { codec, visible }: { readonly codec: EventCodec | undefined; readonly visible: number },
  flags: RedriveFlags,
): Promise<void> {
  const source = await openSqsQueue(admin.beside(flags.queue));
  const progress = new Progress(flags.dryRun ? 'would be moved' : 'moved');
  const total = expectedMoves(flags, visible);
  const move = new HandMove({
    ...handMoveOptions(flags),
    source,
    destinations,
    codec,
    progress: (moved) => progress.show(moved, total),
  });
  try {
    const ended = await interruptible(async (signal) => {
      await move.run(signal);
      return { interrupted: signal.aborted };
    }).catch((error: unknown) => ({ error }));
    progress.clear();
    // Report the moved messages, however the move has ended.
    await report(move, source, flags);
    if ('error' in ended) throw ended.error;
    if (ended.interrupted) throw new CheckFailed('interrupted; the other messages are still in the queue');
    if (move.moveReport.failed > 0)
      throw new CheckFailed(`${count(move.moveReport.failed, 'message')} could not be moved`);
    const stuck = stuckText(source, await remainingMessages(admin));
    if (stuck !== undefined && !flags.dryRun) throw new CheckFailed(stuck);
  } finally {
    progress.clear();
    await source.close();
  }
}

type HandMoveOptions = Pick<HandMoveParts, 'filter' | 'to' | 'limit' | 'dryRun'>;

function handMoveOptions({ to, method, reason, limit, dryRun }: RedriveFlags): HandMoveOptions {
  return {
    filter: { ...(method !== undefined && { method }), ...(reason !== undefined && { reason }) },
    ...(to !== undefined && { to }),
    ...(limit !== undefined && { limit }),
    dryRun: dryRun ?? false,
  };
}

/** Returns the expected number of moves. Undefined with a filter, whose matches are unknown. */
function expectedMoves({ method, reason, limit }: RedriveFlags, visible: number): number | undefined {
  return (method ?? reason) === undefined ? Math.min(visible, limit ?? visible) : undefined;
}

async function arnOf(admin: QueueAdmin, queue: string): Promise<string> {
  const other = await QueueAdmin.open(admin.beside(queue));
  try {
    return other.arn;
  } finally {
    other.close();
  }
}

/** True if SQS supports all given flags. */
function isForSqs({ method, reason, limit, byHand, dryRun }: RedriveFlags): boolean {
  return [method, reason, limit, byHand, dryRun].every((flag) => flag === undefined);
}

function howMany({ method, reason, limit }: RedriveFlags, visible: number): string {
  const filters = [method !== undefined && `method ${method}`, reason !== undefined && `reason ${reason}`];
  const which = filters.filter((filter) => filter !== false).join(' and ');
  const most = limit === undefined ? '' : `at most ${limit} of `;
  return `${most}about ${count(visible, 'message')}${which === '' ? '' : `, only those of ${which},`}`;
}

async function followTask(admin: QueueAdmin, task: StartedTask, { json }: RedriveFlags): Promise<void> {
  const progress = new Progress('moved');
  try {
    const { status, moved, failureReason } = await interruptible((signal) =>
      endOfTask(admin, task, signal, ({ moved: soFar, toMove }) => progress.show(soFar, toMove)),
    );
    progress.clear();
    const summary = { queue: admin.name, by: 'sqs', status, moved };
    await print(
      json,
      { ...summary, ...(failureReason !== undefined && { failureReason }) },
      `${count(moved, 'message')} moved`,
    );
    if (status === 'CANCELLED') throw new CheckFailed('cancelled; the other messages are still in the queue');
    if (status !== 'FAILED') return;
    throw new CheckFailed(
      `SQS stopped the move: ${failureReason ?? 'it gives no reason'}. Add --by-hand to move the other messages`,
    );
  } finally {
    progress.clear();
  }
}

/** @throws CheckFailed a moved message is still in the queue */
async function report(move: HandMove, { name: queue, features }: Queue, { json, dryRun }: RedriveFlags): Promise<void> {
  const { moveReport } = move;
  const { failed, left, doubled, unreleased } = moveReport;
  const verb = dryRun ? 'would be moved' : 'moved';
  await print(
    json,
    { queue, by: 'hand', dryRun: dryRun ?? false, ...moveReport.report() },
    moveReport.lines(verb).join('\n'),
  );
  const stays = failed + left + (dryRun ? moveReport.moved : 0);
  if (stays > 0) note(json, 'messages that stay were released, which counts as a receive');
  if (stays > 0 && features.ordered)
    note(json, 'a FIFO queue shows nothing behind a message that stays: there may be more messages');
  if (unreleased > 0)
    note(json, `${count(unreleased, 'message')} could not be released and will come back within 10 minutes`);
  if (doubled > 0)
    throw new CheckFailed(`${count(doubled, 'message')} moved but not deleted, so this queue still has them too`);
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
