import type { Run } from '../simulation.js';

/** A rule that a run has broken. */
export interface Violation {
  /** Names the rule. Runs that break one rule have one kind of fault. */
  readonly rule: string;
  readonly text: string;
  /** Time in ms at which the rule was broken. */
  readonly at: number;
  /** Names of the processes, messages and calls that the story of the violation is about. */
  readonly about: readonly string[];
}

/** Checks the records of a run. */
export type Invariant = (run: Run) => Violation[];
