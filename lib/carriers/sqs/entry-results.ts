import type { QueueError } from '../../queue/queue-error.js';
import { classifyEntry, entryWithoutAnswer, type ErrorContext, type FailedEntry } from './classify-error.js';

/** The answer to a batch, as far as it is known before it is checked. */
export interface BatchAnswer<T> {
  readonly Successful?: readonly T[] | undefined;
  readonly Failed?: readonly (FailedEntry & { readonly Id?: string | undefined })[] | undefined;
}

/** One position of a batch: taken, with what SQS says of it, or refused. */
export type EntryResult<T> = { readonly entry: T } | { readonly error: QueueError };

/**
 * Reads the answer to a batch by position: entry ids are positions, so a duplicate message in a batch harms nobody. HTTP 200 may hold
 * failures. A position that is in neither list, or whose id is unknown, counts as failed and may be tried again; one that is in both
 * counts as failed too, since a repeated request does less harm than a lost one.
 */
export function readBatchAnswer<T extends { readonly Id?: string | undefined }>(
  positions: readonly string[],
  answer: BatchAnswer<T>,
  context: ErrorContext,
): EntryResult<T>[] {
  const results = new Map<string, EntryResult<T>>();
  for (const entry of listOf(answer?.Successful)) {
    if (entry.Id !== undefined) results.set(entry.Id, { entry });
  }
  for (const entry of listOf(answer?.Failed)) {
    if (entry.Id !== undefined) results.set(entry.Id, { error: classifyEntry(entry, context) });
  }
  return positions.map((id) => results.get(id) ?? { error: entryWithoutAnswer(context) });
}

/** A list as a server may have written it: only objects are entries. */
export function listOf<T>(list: readonly T[] | undefined): T[] {
  const entries: readonly T[] = Array.isArray(list) ? list : [];
  return entries.filter((entry) => typeof entry === 'object' && entry !== null);
}
