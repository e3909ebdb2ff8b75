import { batchAnswer, type BatchAnswer, type EntryAnswer } from './batch.js';
import { ofKind, type EntryChoice, type EntryFault, type Fault } from './faults.js';
import type { Input } from './input.js';

/** What faults make of a batch: the entries that are carried out, and the answer to all of them. */
export interface BatchPlan {
  /** The request to carry out; undefined when no entry is left, which SQS would refuse. */
  readonly input: Input | undefined;
  readonly answer: (carriedOut: object) => object;
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
  const failed = new Map<string, EntryFault>();
  const silent = new Set<string>();
  const skipped = new Set<string>();
  for (const fault of failures) {
    for (const [choice, failure] of fault.entries) {
      for (const id of idsOf(entries, choice)) failed.set(id, failure);
      if (fault.when !== 'after') for (const id of idsOf(entries, choice)) skipped.add(id);
    }
  }
  for (const fault of omissions) {
    for (const id of fault.entries.flatMap((choice) => idsOf(entries, choice))) {
      silent.add(id);
      if (fault.when !== 'after') skipped.add(id);
    }
  }
  const left = (entries as Input[]).filter(({ Id }) => !skipped.has(String(Id)));
  return {
    input: left.length > 0 ? { ...input, Entries: left } : undefined,
    answer: (carriedOut) => {
      const { Successful = [], Failed = [] } = carriedOut as BatchAnswer;
      const kept = ({ Id }: EntryAnswer): boolean => !failed.has(Id) && !silent.has(Id);
      const said = [...failed].filter(([id]) => !silent.has(id)).map(([Id, failure]) => ({ Id, ...failure }));
      const extra = (list: string): EntryAnswer[] =>
        extras
          .filter((fault) => (fault.list ?? 'Successful') === list)
          .map(({ entry = { Id: 'nobody-asked' } }) => entry);
      return batchAnswer(
        [...Successful.filter(kept), ...extra('Successful')],
        [...Failed.filter(kept), ...said, ...extra('Failed')],
      );
    },
  };
}

function idsOf(entries: readonly unknown[], choice: EntryChoice): string[] {
  if (typeof choice === 'string') return [choice];
  const entry = entries[choice] as { readonly Id?: unknown } | undefined;
  return entry === undefined ? [] : [String(entry.Id)];
}
