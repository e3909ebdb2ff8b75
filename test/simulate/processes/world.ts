import type { IdempotencyStore } from '#lib/idempotency/idempotency-store.js';
import type { Journal } from '../journal.js';
import type { ModelServer } from '../model/model-end.js';
import type { Fates } from '../network/fate.js';
import type { CallPlan, Plan } from '../plan.js';
import type { Scheduler } from '../scheduler.js';

/** Everything that the processes of a simulation share. */
export interface World {
  readonly plan: Plan;
  readonly scheduler: Scheduler;
  readonly journal: Journal;
  readonly queue: ModelServer;
  readonly deadLetters: ModelServer;
  readonly store: IdempotencyStore;
  readonly fates: Fates;
  readonly calls: ReadonlyMap<number, CallPlan>;
  /** Counts the attempts of each call so far. */
  readonly attempts: Map<number, number>;
}
