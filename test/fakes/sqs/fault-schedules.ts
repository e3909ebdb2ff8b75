import { seeded } from '../../fuzz/random.js';
import type { Fault, FaultScript, ScriptedRequest } from './faults.js';

/** A fault, several at once, or another schedule. */
export type Scheduled = Fault | readonly Fault[] | FaultScript;

/** Each request. */
export function always(fault: Scheduled): FaultScript {
  return (request) => resolve(fault, request);
}

/** One request in `n`: the n-th, the 2n-th and so on of those that the schedule is asked about. */
export function every(n: number, fault: Scheduled): FaultScript {
  let asked = 0;
  return (request) => (++asked % n === 0 ? resolve(fault, request) : undefined);
}

/** The first `n` requests that the schedule is asked about. */
export function first(n: number, fault: Scheduled): FaultScript {
  let asked = 0;
  return (request) => (++asked <= n ? resolve(fault, request) : undefined);
}

/** Requests that come from `from` up to, not including, `to`, in ms since the epoch by the fake's clock. */
export function between(from: number, to: number, fault: Scheduled): FaultScript {
  return (request) => (request.at >= from && request.at < to ? resolve(fault, request) : undefined);
}

/** Each request with a probability of `p`. Give it {@link seededRandom} so that a run can be repeated. */
export function withProbability(p: number, random: () => number, fault: Scheduled): FaultScript {
  return (request) => (random() < p ? resolve(fault, request) : undefined);
}

/** The first of several schedules that has a fault for the request. All of them are asked. */
export function firstOf(...schedules: readonly Scheduled[]): FaultScript {
  return (request) => schedules.map((schedule) => resolve(schedule, request)).find((faults) => faults !== undefined);
}

/** Numbers from 0 up to, not including, 1; the same ones for the same seed. */
export function seededRandom(seed: number): () => number {
  const random = seeded(seed);
  return () => random.bits() / 2 ** 32;
}

function resolve(fault: Scheduled, request: ScriptedRequest): ReturnType<FaultScript> {
  return typeof fault === 'function' ? fault(request) : (fault as Fault | readonly Fault[]);
}
