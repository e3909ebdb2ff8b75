import type { EventCodec } from '../../../event/event-codec.js';
import type { Queue } from '../../../queue/queue.js';
import { openSqsQueue } from '../../../carriers/sqs/open-sqs-queue.js';
import type { QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import { CheckFailed } from '../exit.js';
import { interruptible } from '../interrupt.js';
import { note, print } from '../print.js';
import { Progress } from '../progress.js';
import { remainingMessages, stuckText } from '../queue/release.js';
import { count } from '../text.js';
import type { MoveDestinations } from './destinations.js';
import { HandMove, type HandMoveParts } from './move-by-hand.js';
import type { MoveSources } from './move-sources.js';
import { expectedMoves, type RedriveFlags } from './redrive-flags.js';

export interface HandMoveRun {
  readonly admin: QueueAdmin;
  readonly destinations: MoveDestinations;
  readonly sources: MoveSources;
  readonly codec: EventCodec | undefined;
  /** Number of visible messages, for the progress. */
  readonly visible: number;
  /** Number of messages that SQS says it has moved before. */
  readonly movedBySqs: number;
}

/**
 * Moves messages one by one and reports them.
 *
 * @throws CheckFailed a message stays that should be moved, or the command was interrupted
 */
export async function runHandMove(run: HandMoveRun, flags: RedriveFlags): Promise<void> {
  const { admin, destinations, sources, codec, visible } = run;
  if (flags.dryRun) await checkDeletes(admin);
  const source = await openSqsQueue(admin.beside(flags.queue));
  const progress = new Progress(flags.dryRun ? 'would be moved' : 'moved');
  const total = expectedMoves(flags, visible);
  const move = new HandMove({
    ...handMoveOptions(flags),
    source,
    destinations,
    sources,
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
    await report(move, source, run.movedBySqs, flags);
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

/** @throws CheckFailed the caller may not delete, so every moved message would stay here as well */
async function checkDeletes(admin: QueueAdmin): Promise<void> {
  if (await admin.mayDo('DeleteMessageBatch')) return;
  throw new CheckFailed(`moved messages could not be deleted from ${admin.location}. Grant sqs:DeleteMessage`);
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

function noteStaying({ ordered }: Queue['features'], json: true | undefined): void {
  note(json, 'messages that stay were released, which counts as a receive');
  if (ordered) note(json, 'a FIFO queue shows nothing behind a message that stays: there may be more messages');
}

/** @throws CheckFailed a moved message is still in the queue */
async function report(
  move: HandMove,
  { name: queue, features }: Queue,
  movedBySqs: number,
  { json, dryRun }: RedriveFlags,
): Promise<void> {
  const { moveReport } = move;
  const { failed, left, doubled, unreleased } = moveReport;
  const verb = dryRun ? 'would be moved' : 'moved';
  const bySqs = movedBySqs === 0 ? [] : [`${count(movedBySqs, 'message')} moved by SQS`];
  await print(
    json,
    { queue, by: 'hand', dryRun: dryRun ?? false, ...(movedBySqs > 0 && { movedBySqs }), ...moveReport.report() },
    [...bySqs, ...moveReport.lines(verb)].join('\n'),
  );
  if (failed + left + (dryRun ? moveReport.moved : 0) > 0) noteStaying(features, json);
  if (unreleased > 0)
    note(json, `${count(unreleased, 'message')} could not be released and will come back within 10 minutes`);
  if (doubled > 0)
    throw new CheckFailed(`${count(doubled, 'message')} moved but not deleted, so this queue still has them too`);
}
