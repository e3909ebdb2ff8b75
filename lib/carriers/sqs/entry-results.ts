import type { QueueError } from '../../queue/queue-error.js';
import { toEntryError, entryWithoutAnswer, type ErrorContext, type FailedEntry } from './to-queue-error.js';

/** The answer to a batch, as far as it is known before it is checked. */
export interface BatchAnswer<T> {
  readonly Successful?: readonly T[] | undefined;
  readonly Failed?: readonly (FailedEntry & { readonly Id?: string | undefined })[] | undefined;
}

/** One position of a batch: taken, with what SQS says of it, or refused. */
export type AnsweredEntry<T> = { readonly entry: T } | { readonly error: QueueError };

/**
 * Reads the answer to a batch by position: entry ids are positions, so a duplicate message in a batch harms nobody. HTTP 200 may hold
 * failures. A position that is in neither list, or whose id is unknown, counts as failed and may be tried again; one that is in both
 * counts as failed too, since a repeated request does less harm than a lost one.
 */
export function readBatchAnswer<T extends { readonly Id?: string | undefined }>(
  positions: readonly string[],
  answer: BatchAnswer<T>,
  context: ErrorContext,
): AnsweredEntry<T>[] {
  const results = new Map<string, AnsweredEntry<T>>();
  for (const entry of listOf(answer?.Successful)) {
    if (entry.Id !== undefined) results.set(entry.Id, { entry });
  }
  for (const entry of listOf(answer?.Failed)) {
    if (entry.Id !== undefined) results.set(entry.Id, { error: toEntryError(entry, context) });
  }
  return positions.map((id) => results.get(id) ?? { error: entryWithoutAnswer(context) });
}

/** A list as a server may have written it: only objects are entries. */
export function listOf<T>(list: readonly T[] | undefined): T[] {
  const entries: readonly T[] = Array.isArray(list) ? list : [];
  return entries.filter((entry) => typeof entry === 'object' && entry !== null);
}
