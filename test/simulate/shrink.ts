import { check } from './invariants/all.js';
import type { Violation } from './invariants/violation.js';
import type { CallPlan, Plan } from './plan.js';
import { type Run, simulate } from './simulation.js';

/** A plan that breaks a rule, with its run. */
export interface Failure {
  readonly plan: Plan;
  readonly run: Run;
  readonly violation: Violation;
}

/** Runs a plan, and returns its failure if it breaks the rule. */
export async function failureOf(plan: Plan, rule: string): Promise<Failure | undefined> {
  const run = await simulate(plan);
  const violation = check(run).find((each) => each.rule === rule);
  return violation && { plan, run, violation };
}

/** Limits the plans that a shrink tries. */
const MAX_TRIES = 1_500;

/** Makes a failing plan small: fewer messages, processes and faults, and plainer options. */
export async function shrink(failure: Failure): Promise<Failure> {
  return new Shrinker(failure).run();
}

class Shrinker {
  private tries = 0;

  constructor(private best: Failure) {}

  async run(): Promise<Failure> {
    await this.freezeFaults();
    for (let before = Infinity; this.size() < before && this.tries < MAX_TRIES;) {
      before = this.size();
      await this.pass();
    }
    return this.best;
  }

  /** Names the requests that had a fault, so that they can be left out one by one. */
  private async freezeFaults(): Promise<void> {
    const { plan, run } = this.best;
    const requests = run.journal.processes.flatMap((process) => process.requests);
    const faulty = requests.filter(({ fault }) => fault !== undefined).map(({ name }) => name);
    await this.accept({ ...plan, faulty });
  }

  private async pass(): Promise<void> {
    await this.thin('calls');
    await this.thin('incidents');
    await this.thin('outages');
    await this.thin('faulty');
    await this.thin('clients');
    await this.thin('workers');
    await this.simplify();
  }

  /** Leaves out entries of a list: halves first, then smaller parts, then single entries. */
  private async thin(key: 'calls' | 'incidents' | 'outages' | 'faulty' | 'clients' | 'workers'): Promise<void> {
    const list = (): readonly unknown[] => this.best.plan[key] ?? [];
    for (let size = Math.ceil(list().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < list().length;) {
        const rest = list().toSpliced(at, size);
        const isPossible = rest.length > 0 || key === 'incidents' || key === 'outages' || key === 'faulty';
        const accepted = isPossible && (await this.accept(this.with(key, rest)));
        if (!accepted) at += size;
      }
    }
  }

  /** Returns the plan with another list. Calls of a client that is gone move to the first client. */
  private with(key: string, list: readonly unknown[]): Plan {
    const plan: Plan = { ...this.best.plan, [key]: list };
    const names = new Set(plan.clients.map(({ name }) => name));
    const calls = plan.calls.map((call) =>
      names.has(call.client) ? call : { ...call, client: plan.clients[0]!.name },
    );
    return { ...plan, calls };
  }

  /** Tries plainer values, one after another. */
  private async simplify(): Promise<void> {
    const { plan } = this.best;
    await this.accept({ ...plan, idempotency: false, storeFaults: 0 });
    await this.accept({ ...this.best.plan, storeFaults: 0 });
    await this.plainOptions('clients');
    await this.plainOptions('workers');
    await this.changeQueue({ reorder: false });
    await this.changeQueue({ duplicates: 0 });
    await this.changeQueue({ inFlight: 120_000 });
    await this.changeQueue({ delaySeconds: 0 });
    await this.changeQueue({ staleReceipts: 'refused' });
    await this.changeCalls((call) => ({ ...call, attempts: call.attempts.slice(-1) }));
    await this.changeCalls(({ delaySeconds: _, ...call }) => call);
    await this.changeCalls((call) => ({ ...call, at: 0 }));
    const ends = [
      ...this.best.plan.incidents.map(({ at, ms = 0 }) => at + ms),
      ...this.best.plan.outages.map(({ to }) => to),
    ];
    const lastCall = Math.max(0, ...this.best.plan.calls.map(({ at }) => at));
    await this.accept({ ...this.best.plan, quietAt: Math.max(lastCall, ...ends) + 1_000 });
  }

  /** Tries the defaults of single options. */
  private async plainOptions(kind: 'clients' | 'workers'): Promise<void> {
    for (const [at, { options }] of this.best.plan[kind].entries()) {
      for (const option of Object.keys(options)) {
        if (option === 'poisonPolicy') continue;
        const list = this.best.plan[kind];
        const { [option as never]: _, ...rest } = list[at]!.options;
        await this.accept({ ...this.best.plan, [kind]: list.with(at, { ...list[at]!, options: rest } as never) });
      }
    }
  }

  private async changeQueue(change: Partial<Plan['queue']>): Promise<void> {
    const { plan } = this.best;
    const isChanged = Object.entries(change).some(([key, value]) => plan.queue[key as keyof Plan['queue']] !== value);
    if (isChanged) await this.accept({ ...plan, queue: { ...plan.queue, ...change } });
  }

  private async changeCalls(change: (call: CallPlan) => CallPlan): Promise<void> {
    const { plan } = this.best;
    const calls = plan.calls.map(change);
    if (JSON.stringify(calls) !== JSON.stringify(plan.calls)) await this.accept({ ...plan, calls });
  }

  /** Takes a plan over if it breaks the same rule. */
  private async accept(plan: Plan): Promise<boolean> {
    if (this.tries >= MAX_TRIES || plan.calls.length === 0) return false;
    this.tries += 1;
    const failure = await failureOf(plan, this.best.violation.rule);
    if (failure) this.best = failure;
    return failure !== undefined;
  }

  private size(): number {
    const { calls, incidents, outages, clients, workers, faulty = [], quietAt } = this.best.plan;
    const parts = calls.length + incidents.length + outages.length + clients.length + workers.length + faulty.length;
    return parts + quietAt / 1e7;
  }
}
