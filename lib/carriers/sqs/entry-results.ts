import { QueueError } from '../../queue/queue-error.js';
import { answeredId } from './answered-id.js';
import { toEntryError, entryWithoutAnswer, type ErrorContext, type FailedEntry } from './to-queue-error.js';

/** Longest id of an entry in characters (Amazon SQS API reference, SendMessageBatchRequestEntry). */
const LONGEST_POSITION = 80;

/** Describes the answer to a batch before validation. */
export interface BatchAnswer<T> {
  readonly Successful?: readonly T[] | undefined;
  readonly Failed?: readonly (FailedEntry & { readonly Id?: string | undefined })[] | undefined;
}

/** Result of one batch position: accepted, with the entry of the answer, or refused. */
export type AnsweredEntry<T> = { readonly entry: T } | { readonly error: QueueError };

/**
 * Reads the answer to a batch by position. Entry ids are positions, so a duplicate message in a
 * batch does no harm. An answer with HTTP 200 may contain failures. A position in neither list, or
 * with an unknown id, counts as failed and may be retried. A position in both lists also counts as
 * failed: a repeated request does less harm than a lost request.
 */
export function readBatchAnswer<T extends { readonly Id?: string | undefined }>(
  positions: readonly string[],
  answer: BatchAnswer<T>,
  context: ErrorContext,
): AnsweredEntry<T>[] {
  const results = new Map<string, AnsweredEntry<T>>();
  const note = (entry: { readonly Id?: string | undefined }, result: AnsweredEntry<T>): void => {
    const id = answeredId(entry.Id, LONGEST_POSITION);
    if (id !== undefined) results.set(id, result);
  };
  for (const entry of listOf(answer?.Successful)) note(entry, { entry });
  for (const entry of listOf(answer?.Failed)) note(entry, { error: toEntryError(entry, context) });
  return positions.map((id) => results.get(id) ?? { error: entryWithoutAnswer(context) });
}

/** Returns the entries of a list from a server. Only objects count as entries. */
export function listOf<T>(list: readonly T[] | undefined): T[] {
  const entries: readonly T[] = Array.isArray(list) ? list : [];
  return entries.filter((entry) => typeof entry === 'object' && entry !== null);
}

/**
 * Waits for the answer to a batch without entries, which has no effect. Resolves if the service
 * refused the batch for being empty: the caller may send, and the service answers.
 */
export async function answersEmptyBatch(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof QueueError) || error.kind !== 'invalid') throw error;
  }
}
