import { QueueError } from '../../queue/queue-error.js';

/** The verbs that can be made to fail. */
export type QueueVerb = 'send' | 'receive' | 'acknowledge' | 'release' | 'extend';

/** One call of a verb, as a fault script sees it. */
export interface QueueCall {
  readonly verb: QueueVerb;
  /** Counts the calls of this verb since the script was set, from 1. */
  readonly number: number;
  /** How many entries the call has; for receive how many messages it asks for. */
  readonly entries: number;
}

/** What befalls a call: it rejects; or some entries fail, by position; or nothing. */
export type Fault = QueueError | readonly (QueueError | undefined)[] | undefined;

/** Decides call by call. */
export type FaultScript = (call: QueueCall) => Fault;

/** When a rejected call fails: before it did anything, or after it took effect, as when only the answer is lost. */
export type FaultMoment = 'before' | 'after';

/** The faults that wait for a call. */
export class Faults {
  private readonly scripts = new Map<
    QueueVerb,
    { readonly script: FaultScript; readonly moment: FaultMoment; calls: number }
  >();

  constructor(private readonly queue: string) {}

  /** Replaces what was set for the verb; 0 ends it. */
  set(verb: QueueVerb, fault: number | FaultScript, moment: FaultMoment): void {
    const script = typeof fault === 'number' ? this.firstCalls(fault) : fault;
    this.scripts.set(verb, { script, moment, calls: 0 });
  }

  /** The fault of this call, and when it strikes. Asked exactly once per call. */
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
