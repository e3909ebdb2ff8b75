import type { Run } from '../simulation.js';
import { deadLetters } from './dead-letters.js';
import { leases } from './leases.js';
import { metrics } from './metrics.js';
import { nothingLost } from './nothing-lost.js';
import { order } from './order.js';
import { settlements } from './settlements.js';
import { status } from './status.js';
import { stops } from './stops.js';
import { timeLimits } from './time-limits.js';
import type { Invariant, Violation } from './violation.js';

const INVARIANTS: readonly Invariant[] = [
  nothingLost,
  settlements,
  leases,
  order,
  deadLetters,
  status,
  timeLimits,
  stops,
  metrics,
];

function progress({ isStuck, ms }: Run): Violation[] {
  return isStuck ? [{ rule: 'time goes on', text: 'timers follow each other without end', at: ms, about: [] }] : [];
}

/** Returns everything that is wrong about a run, in the order of time. */
export function check(run: Run): Violation[] {
  // What comes after the last moment of a stuck run is not to be judged.
  if (run.isStuck) return progress(run);
  return INVARIANTS.flatMap((invariant) => invariant(run)).sort((a, b) => a.at - b.at);
}
