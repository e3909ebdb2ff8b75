import { QueueError } from '../../queue/queue-error.js';

/**
 * Lists the verbs that a test can make fail.
 *
 * @publicApi
 */
export type QueueVerb = 'send' | 'receive' | 'acknowledge' | 'discard' | 'release' | 'extend';

/**
 * Describes one call of a verb to a fault script.
 *
 * @publicApi
 */
export interface QueueCall {
  readonly verb: QueueVerb;
  /** Counts the calls of this verb since the script was set, from 1. */
  readonly number: number;
  /** Number of entries of the call; for a receive, the number of requested messages. */
  readonly entries: number;
}

/**
 * Fault of one call: the call rejects, some entries fail by position, or nothing fails.
 *
 * @publicApi
 */
export type Fault = QueueError | readonly (QueueError | undefined)[] | undefined;

/**
 * Decides the fault of each call.
 *
 * @publicApi
 */
export type FaultScript = (call: QueueCall) => Fault;

/**
 * Moment at which a rejected call fails: before any effect, or after its effect. After the effect,
 * only the answer is lost.
 *
 * @publicApi
 */
export type FaultMoment = 'before' | 'after';

/** Holds the faults that wait for a call. */
export class Faults {
  private readonly scripts = new Map<
    QueueVerb,
    { readonly script: FaultScript; readonly moment: FaultMoment; calls: number }
  >();

  constructor(private readonly queue: string) {}

  /** Replaces the fault of a verb. The number 0 removes the fault. */
  set(verb: QueueVerb, fault: number | FaultScript, moment: FaultMoment): void {
    const script = typeof fault === 'number' ? this.firstCalls(fault) : fault;
    this.scripts.set(verb, { script, moment, calls: 0 });
  }

  /** Returns the fault of this call and its moment. Call this method exactly once per call. */
  next(verb: QueueVerb, entries: number): { readonly fault: Fault; readonly moment: FaultMoment } {
    const scripted = this.scripts.get(verb);
    if (scripted === undefined) return { fault: undefined, moment: 'before' };
    scripted.calls += 1;
    return { fault: scripted.script({ verb, number: scripted.calls, entries }), moment: scripted.moment };
  }

  private firstCalls(times: number): FaultScript {
    return ({ verb, number }) =>
      number > times
        ? undefined
        : new QueueError(`${verb} on "${this.queue}" failed by script. Try again.`, {
            code: 'ServiceUnavailable',
            kind: 'service',
            queue: this.queue,
          });
  }
}
