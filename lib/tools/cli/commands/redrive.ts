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

/** `redrive`: moves messages out of a dead-letter queue. */
export function addRedrive(program: Command): void {
  const command = program
    .command('redrive')
    .description('move the messages of a dead-letter queue back to where they came from')
    .option('--to <queue>', 'move all of them to this queue instead: name, URL or ARN')
    .option('--method <name>', 'only calls of this method: by the IDL, and without --idl by the name in the message')
    .option('--reason <reason>', 'only what a worker has dead-lettered for this reason, such as missing-required')
    .option('--limit <messages>', 'move at most so many', parseCount)
    .option('--by-hand', 'receive, send and delete each, also where SQS could move them itself')
    .option('--dry-run', 'only show what would be moved, and put all back')
    .option('--yes', 'do not ask');
  addQueueFlags(addContractFlags(command))
    .addHelpText(
      'after',
      `
SQS itself moves what its redrive policies have brought here. With a filter, --limit or --by-hand, and where SQS does not move the messages
of this queue, each is received, sent and deleted: body, attributes, group and trace header stay as they are, and a message goes
to --to, else to the queue that SQS or the attribute thrift-dead-letter names. Then:
  - a message is deleted only after its copy was stored: one that is moved twice is possible, one that is lost is not;
  - what stays is hidden meanwhile, and released at the end; that, and --dry-run, counts as a receive;
  - of a FIFO queue SQS shows nothing behind a message that stays, so a filter may have to be applied again;
  - whoever may send to the dead-letter queue may have written the attribute: --dry-run shows where all would go.
Ctrl-C ends it in order.

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
      const where = target === undefined ? 'back to where they came from' : `to ${target.name}`;
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
 * Has SQS move the messages itself.
 *
 * @returns undefined where each has to be moved by hand
 */
async function startSqsMove(admin: QueueAdmin, flags: RedriveFlags): Promise<StartedTask | undefined> {
  if (!isForSqs(flags)) return undefined;
  const task = await startTask(admin, flags.to === undefined ? undefined : await arnOf(admin, flags.to));
  if (!(task instanceof QueueError)) return task;
  note(flags.json, `SQS does not move them itself (${task.code}): one by one`);
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
    // What was moved is reported however the move has ended.
    await report(move, source, flags);
    if ('error' in ended) throw ended.error;
    if (ended.interrupted) throw new CheckFailed('interrupted; the rest is still there');
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

/** Returns undefined with a filter: nobody knows how many messages pass it. */
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

/** Returns false for flags that SQS has nothing like. */
function isForSqs({ method, reason, limit, byHand, dryRun }: RedriveFlags): boolean {
  return [method, reason, limit, byHand, dryRun].every((flag) => flag === undefined);
}

function howMany({ method, reason, limit }: RedriveFlags, visible: number): string {
  const filters = [method !== undefined && `method ${method}`, reason !== undefined && `reason ${reason}`];
  const which = filters.filter((filter) => filter !== false).join(' and ');
  const most = limit === undefined ? '' : `at most ${limit} of `;
  return `${most}about ${count(visible, 'message')}${which === '' ? '' : `, those of ${which},`}`;
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
    if (status === 'CANCELLED') throw new CheckFailed('cancelled; the rest is still there');
    if (status !== 'FAILED') return;
    throw new CheckFailed(`SQS stopped: ${failureReason ?? 'it does not say why'}. Add --by-hand to move the rest`);
  } finally {
    progress.clear();
  }
}

/** @throws CheckFailed something was moved that is still here too */
async function report(move: HandMove, { name: queue, features }: Queue, { json, dryRun }: RedriveFlags): Promise<void> {
  const { moveReport, unreleased } = move;
  const { failed, left, doubled } = moveReport;
  const verb = dryRun ? 'would be moved' : 'moved';
  await print(
    json,
    { queue, by: 'hand', dryRun: dryRun ?? false, ...moveReport.report() },
    moveReport.lines(verb).join('\n'),
  );
  const stays = failed + left + (dryRun ? moveReport.moved : 0);
  if (stays > 0) note(json, 'what stays was put back, which counts as a receive');
  if (stays > 0 && features.ordered)
    note(json, 'a FIFO queue shows nothing behind a message that stays: there may be more');
  if (unreleased > 0) note(json, `${count(unreleased, 'message')} come back within 10 minutes only`);
  if (doubled > 0)
    throw new CheckFailed(`${count(doubled, 'message')} moved, but still here too: they could not be deleted`);
}

/**
 * Refuses a method that the IDL does not have: no message could pass the filter. Accepts the names
 * under which messages are shown, too.
 */
function checkMethod(command: Command, codec: EventCodec, method: string): void {
  try {
    codec.contract.resolve(method.replace(/^([^.:]+)\./, `$1${SEPARATOR}`));
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    if (error.code !== 'ambiguous-method') command.error(`error: --method: ${error.message}`);
  }
}
