import { listOf, type Input } from './input.js';
import { Refusal } from './refusal.js';

const MAX_ENTRIES = 10;
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

/** An entry of a batch as its answer lists it. */
export type EntryAnswer = Readonly<Record<string, unknown>> & { readonly Id: string };

/** The answer of any batch action; lists without entries are left out, as SQS does. */
export interface BatchAnswer {
  readonly Successful?: readonly EntryAnswer[];
  readonly Failed?: readonly EntryAnswer[];
}

/** The entries of a batch. Refuses the request when their number or ids are wrong. */
export function entriesOf(input: Input): readonly (Input & { readonly Id: string })[] {
  const entries = listOf(input, 'Entries');
  if (entries.length === 0) {
    throw new Refusal('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > MAX_ENTRIES) {
    const message = `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`;
    throw new Refusal('TooManyEntriesInBatchRequest', message);
  }
  const ids = entries.map(({ Id }) => Id);
  if (!ids.every((id) => typeof id === 'string' && ENTRY_ID.test(id))) {
    const message = 'A batch entry id can only contain alphanumeric characters, hyphens and underscores.';
    throw new Refusal('InvalidBatchEntryId', `${message} It can be at most 80 letters long.`);
  }
  const repeated = ids.find((id, at) => ids.indexOf(id) !== at);
  if (repeated !== undefined) throw new Refusal('BatchEntryIdsNotDistinct', `Id ${String(repeated)} repeated.`);
  return entries as readonly (Input & { readonly Id: string })[];
}

/** Carries out each entry by itself. */
export function runEntries<Entry extends { readonly Id: string }>(
  entries: readonly Entry[],
  one: (entry: Entry) => Readonly<Record<string, unknown>>,
): BatchAnswer {
  const successful: EntryAnswer[] = [];
  const failed: EntryAnswer[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry.Id, ...one(entry) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return batchAnswer(successful, failed);
}

export function batchAnswer(successful: readonly EntryAnswer[], failed: readonly EntryAnswer[]): BatchAnswer {
  return {
    ...(successful.length > 0 && { Successful: successful }),
    ...(failed.length > 0 && { Failed: failed }),
  };
}
