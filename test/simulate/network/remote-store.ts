import type { ClaimResult, IdempotencyStore } from '#lib/idempotency/idempotency-store.js';
import type { Plan } from '../plan.js';
import { Dice, hash } from '../random.js';
import type { SimProcess } from '../sim-process.js';

/** Reaches the idempotency store that all workers share. The store may fail or be late. */
export class RemoteStore implements IdempotencyStore {
  private requests = 0;

  constructor(
    private readonly store: IdempotencyStore,
    private readonly process: SimProcess,
    private readonly plan: Plan,
  ) {}

  begin(key: string, owner: string, claimMs: number): Promise<ClaimResult> {
    return this.request('begin', () => this.store.begin(key, owner, claimMs));
  }

  complete(key: string, owner: string, retentionMs: number): Promise<void> {
    return this.request('complete', () => this.store.complete(key, owner, retentionMs));
  }

  release(key: string, owner: string): Promise<void> {
    return this.request('release', () => this.store.release(key, owner));
  }

  private request<T>(verb: string, execute: () => Promise<T>): Promise<T> {
    const { otherClock, scheduler, record, journal, name } = this.process;
    const dice = new Dice(hash(this.plan.seed, `${name}:store:${(this.requests += 1)}`));
    const isFaulty = scheduler.now() < this.plan.quietAt && dice.chance(this.plan.storeFaults);
    const isLate = isFaulty && dice.chance(0.5);
    const ms = dice.between(1, 10) + (isLate ? dice.between(500, 8_000) : 0);
    if (isFaulty) {
      record.storeFaults += 1;
      journal.fault(isLate ? 'late store' : 'failing store');
      this.process.note(`${isLate ? 'waits long for' : 'gets an error from'} the store: ${verb}`);
    }
    return new Promise((resolve, reject) => {
      otherClock.setTimer(() => {
        if (isFaulty && !isLate) reject(new Error('the store failed'));
        else void execute().then(resolve, reject);
      }, ms);
    });
  }
}
