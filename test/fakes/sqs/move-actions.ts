import { optionalNumber, requiredText, optionalText, type Input } from './input.js';
import type { QueueContext } from './queue-actions.js';
import type { QueueState } from './queue-state.js';
import type { Queues } from './queues.js';
import { badValue, Refusal } from './refusal.js';

/** A move of the messages of a dead-letter queue. */
export interface MoveRecord {
  readonly handle: string;
  readonly destination: string | undefined;
  readonly startedAt: number;
  readonly toMove: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  moved: number;
  failureReason?: string;
}

/** Messages that a move takes with it each time that somebody asks how far it is, so that tests decide when. */
const MOVED_AT_ONCE = 10;

/** The actions on moves, by name. */
export const MOVE_ACTIONS: Readonly<Record<string, (input: Input, context: QueueContext) => object>> = {
  StartMessageMoveTask(input, { queues, now }) {
    const source = sourceOf(input, queues);
    if (queues.givingTo(source.name).length === 0) {
      throw badValue('SourceArn', source.arn, 'Source queue must be configured as a Dead Letter Queue');
    }
    if (source.moves.at(-1)?.status === 'RUNNING') {
      throw badValue('SourceArn', source.arn, 'Only one active task is allowed for a source queue');
    }
    const destination = optionalText(input, 'DestinationArn');
    const record: MoveRecord = {
      handle: `${source.name}#${source.moves.length}`,
      destination: destination && byArn(destination, queues).name,
      startedAt: now(),
      toMove: source.counts.visible,
      status: 'RUNNING',
      moved: 0,
    };
    source.moves.push(record);
    return { TaskHandle: record.handle };
  },

  ListMessageMoveTasks(input, { queues }) {
    const source = sourceOf(input, queues);
    const latest = source.moves.at(-1);
    if (latest?.status === 'RUNNING') goOn(latest, source, queues);
    const most = optionalNumber(input, 'MaxResults', 1, 10) ?? 1;
    const Results = [...source.moves]
      .reverse()
      .slice(0, most)
      .map(({ handle, status, startedAt, toMove, moved, failureReason }) => ({
        ...(status === 'RUNNING' && { TaskHandle: handle }),
        Status: status,
        SourceArn: source.arn,
        ApproximateNumberOfMessagesMoved: moved,
        ApproximateNumberOfMessagesToMove: toMove,
        StartedTimestamp: startedAt,
        ...(failureReason !== undefined && { FailureReason: failureReason }),
      }));
    return { Results };
  },

  CancelMessageMoveTask(input, { queues }) {
    const handle = requiredText(input, 'TaskHandle');
    const record = queues.find(handle.replace(/#.*/, ''))?.moves.find((move) => move.handle === handle);
    if (record === undefined) throw new Refusal('ResourceNotFoundException', 'Task does not exist.');
    if (record.status !== 'RUNNING') throw new Refusal('UnsupportedOperation', 'Only active tasks can be cancelled.');
    record.status = 'CANCELLED';
    return { ApproximateNumberOfMessagesMoved: record.moved };
  },
};

function sourceOf(input: Input, queues: Queues): QueueState {
  return byArn(requiredText(input, 'SourceArn'), queues);
}

function byArn(arn: string, queues: Queues): QueueState {
  const queue = queues.find(arn.replace(/^.*:/, ''));
  if (queue === undefined)
    throw new Refusal('ResourceNotFoundException', 'The resource that you specified does not exist.');
  return queue;
}

/** Moved messages are new ones: with another id, and as if they were sent now. */
function goOn(record: MoveRecord, source: QueueState, queues: Queues): void {
  for (const message of source
    .all()
    .filter(({ state }) => state === 'visible')
    .slice(0, MOVED_AT_ONCE)) {
    const target = record.destination ?? message.deadLetterSource?.replace(/^.*:/, '');
    if (target === undefined) {
      record.status = 'FAILED';
      record.failureReason = 'CouldNotDetermineMessageSource';
      return;
    }
    const { body, attributes, traceHeader, groupId } = message;
    source.drop(message);
    queues.get(target).send({
      body,
      attributes,
      ...(traceHeader !== undefined && { traceHeader }),
      ...(groupId !== undefined && { groupId }),
      ...(target.endsWith('.fifo') && { deduplicationId: message.id }),
    });
    queues.get(target).waiters.serve();
    record.moved += 1;
  }
  if (source.counts.visible === 0) record.status = 'COMPLETED';
}
