import { listOf } from './entry-results.js';

const STATUSES = ['RUNNING', 'COMPLETED', 'CANCELLING', 'CANCELLED', 'FAILED'] as const;

/** Describes a message move task of SQS, as ListMessageMoveTasks reports the task. */
export interface MoveTask {
  readonly status: (typeof STATUSES)[number];
  readonly moved: number;
  /** Number of messages to move, counted at the start. */
  readonly toMove?: number;
  readonly failureReason?: string;
  /** Start time in ms since the epoch. Distinguishes the tasks. */
  readonly startedAt?: number;
}

/**
 * Reads the latest task of an answer. Emulators leave fields out, or write numbers as text. A task
 * without a status of SQS counts as no task, because its end would never show.
 */
export function readMoveTask(answer: unknown): MoveTask | undefined {
  const { Results } = Object(answer) as { readonly Results?: readonly Readonly<Record<string, unknown>>[] };
  const [task = {}] = listOf(Results);
  const status = STATUSES.find((known) => known === task['Status']);
  if (status === undefined) return undefined;
  const toMove = countIn(task['ApproximateNumberOfMessagesToMove']);
  const startedAt = countIn(task['StartedTimestamp']);
  const reason = task['FailureReason'];
  return {
    status,
    moved: countIn(task['ApproximateNumberOfMessagesMoved']) ?? 0,
    ...(toMove !== undefined && { toMove }),
    ...(typeof reason === 'string' && { failureReason: reason }),
    ...(startedAt !== undefined && { startedAt }),
  };
}

function countIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && number >= 0 && Number.isFinite(number) ? number : undefined;
}
