import { type Noise, type Outage, type Plan, REQUEST_FAULTS, type RequestFault } from '../plan.js';
import { Dice, hash } from '../random.js';

/** Decides what the network and the service do to one request. */
export interface Fate {
  readonly requestMs: number;
  readonly answerMs: number;
  /** Time at which a late answer comes, as a part of the time that is left until the deadline. */
  readonly late: number | undefined;
  readonly fault: RequestFault | undefined;
  readonly outage: Outage | undefined;
  /** True if a broken connection breaks before the request arrives. */
  readonly breaksEarly: boolean;
  /** True if the service notices that the caller has gone. */
  readonly noticesAbort: boolean;
  /** True for the entries that fail in a partial failure, the first of them always. */
  readonly fails: (entry: number) => boolean;
}

/** Verbs that have no entries. */
const WHOLE = new Set(['receive', 'open']);

/** Draws the fate of each request from the seed and the name of the request. */
export class Fates {
  constructor(private readonly plan: Plan) {}

  /** Returns the fate of a request that is sent now. */
  of(process: string, name: string, verb: string, now: number): Fate {
    const { seed, latencyMs, faulty } = this.plan;
    const dice = new Dice(hash(seed, name));
    const requestMs = dice.between(1, latencyMs);
    const answerMs = dice.between(1, latencyMs);
    const mayFail = faulty === undefined || faulty.includes(name);
    const fault = now < this.plan.quietAt && mayFail ? this.fault(dice, verb) : undefined;
    const late = fault === 'late answer' ? 0.1 + dice.number() : undefined;
    const failing = 2 * dice.between(0, 511) + 1;
    return {
      requestMs,
      answerMs,
      late,
      fault,
      outage: this.outageAt(process, now),
      breaksEarly: dice.chance(0.5),
      noticesAbort: dice.chance(0.5),
      fails: (entry) => (failing >> entry) % 2 === 1,
    };
  }

  /** Returns the outage that a process has at a time. */
  outageAt(process: string, now: number): Outage | undefined {
    const name = baseName(process);
    return this.plan.outages.find((outage) => outage.process === name && now >= outage.from && now < outage.to);
  }

  private fault(dice: Dice, verb: string): RequestFault | undefined {
    const { noise } = this.plan;
    const fault = REQUEST_FAULTS.find((each) => {
      const { probability = 0, requests = 'all' } = noise[each] ?? {};
      return dice.chance(probability) && (requests === 'all' || kindOf(verb) === requests);
    });
    return fault === 'partial failure' && WHOLE.has(verb) ? undefined : fault;
  }
}

function kindOf(verb: string): Noise['requests'] {
  if (verb === 'receive' || verb === 'send') return verb === 'receive' ? 'receiving' : 'sending';
  return verb === 'open' ? 'all' : 'settling';
}

/** Returns the name of a process without the number of its start: `w1` of `w1.2`. */
export function baseName(process: string): string {
  return process.replace(/\.\d+$/, '');
}
