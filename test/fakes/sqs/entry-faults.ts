import { batchAnswer, type BatchAnswer, type EntryAnswer } from './batch.js';
import { ofKind, type EntryChoice, type EntryFault, type Fault, type FaultMoment, type FaultOf } from './faults.js';
import type { Input } from './input.js';

/**
 * Holds the effect of faults on a batch: the entries to carry out, and the answer to all entries.
 */
export interface BatchPlan {
  /** The request to carry out; undefined when no entry is left, which SQS would refuse. */
  readonly input: Input | undefined;
  readonly answer: (carriedOut: object) => object;
}

/** Applies the faults of one request to the entries of its batch. */
interface EntryFates {
  /** Failures by id, which the answer lists. */
  readonly failed: ReadonlyMap<string, EntryFault>;
  /** Ids that the answer does not mention. */
  readonly silent: ReadonlySet<string>;
  /** Ids that are not carried out. */
  readonly skipped: ReadonlySet<string>;
}

/** Plans a request under its faults; one that is no batch is carried out as it is. */
export function planBatch(input: Input, faults: readonly Fault[]): BatchPlan {
  const failures = ofKind(faults, 'fail-entries');
  const omissions = ofKind(faults, 'omit-entries');
  const extras = ofKind(faults, 'unknown-entry');
  const entries = input.Entries;
  if (!Array.isArray(entries) || failures.length + omissions.length + extras.length === 0) {
    return { input, answer: (carriedOut) => carriedOut };
  }
  const fates = fatesOf(entries, failures, omissions);
  const left = (entries as Input[]).filter(({ Id }) => !fates.skipped.has(String(Id)));
  return {
    input: left.length > 0 ? { ...input, Entries: left } : undefined,
    answer: (carriedOut) => answerOf(carriedOut, fates, extras),
  };
}

function fatesOf(
  entries: readonly unknown[],
  failures: readonly FaultOf<'fail-entries'>[],
  omissions: readonly FaultOf<'omit-entries'>[],
): EntryFates {
  const failed = new Map<string, EntryFault>();
  const silent = new Set<string>();
  const skipped = new Set<string>();
  const decide = (ids: readonly string[], when: FaultMoment | undefined, note: (id: string) => void): void => {
    for (const id of ids) {
      note(id);
      if (when !== 'after') skipped.add(id);
    }
  };
  for (const { entries: chosen, when } of failures) {
    for (const [choice, failure] of chosen) {
      decide(idsOf(entries, choice), when, (id) => failed.set(id, failure));
    }
  }
  for (const { entries: chosen, when } of omissions) {
    const ids = chosen.flatMap((choice) => idsOf(entries, choice));
    decide(ids, when, (id) => silent.add(id));
  }
  return { failed, silent, skipped };
}

function answerOf(carriedOut: object, fates: EntryFates, extras: readonly FaultOf<'unknown-entry'>[]): BatchAnswer {
  const { failed, silent } = fates;
  const { Successful = [], Failed = [] } = carriedOut as BatchAnswer;
  const kept = ({ Id }: EntryAnswer): boolean => !failed.has(Id) && !silent.has(Id);
  const said = [...failed].filter(([id]) => !silent.has(id)).map(([Id, failure]) => ({ Id, ...failure }));
  const extra = (list: string): EntryAnswer[] =>
    extras.filter((fault) => (fault.list ?? 'Successful') === list).map(({ entry = { Id: 'nobody-asked' } }) => entry);
  return batchAnswer(
    [...Successful.filter(kept), ...extra('Successful')],
    [...Failed.filter(kept), ...said, ...extra('Failed')],
  );
}

function idsOf(entries: readonly unknown[], choice: EntryChoice): string[] {
  if (typeof choice === 'string') return [choice];
  const entry = entries[choice] as { readonly Id?: unknown } | undefined;
  return entry === undefined ? [] : [String(entry.Id)];
}
