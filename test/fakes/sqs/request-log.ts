import type { ScriptedRequest } from './faults.js';

/** One request as the fake saw it. */
export interface LoggedRequest extends ScriptedRequest {
  /** Bytes of its body. */
  readonly bytes: number;
  /** Entries of a batch; 1 for any other request. */
  readonly entries: number;
  /** `open` until it has ended: `ok`, the code or status of what was answered, `reset`, or `left` when the client was gone first. */
  outcome: string;
}

/** Totals of one action. */
export interface ActionCount {
  requests: number;
  entries: number;
  bytes: number;
  /** Bytes of the largest request. */
  maxBytes: number;
  /** Requests by their outcome, once they have ended. */
  readonly outcomes: Record<string, number>;
}

interface Arrival {
  readonly matches: (request: LoggedRequest) => boolean;
  readonly resolve: (request: LoggedRequest) => void;
}

/** Records and counts requests, and wakes tests that wait for a request. */
export class RequestLog {
  /** The latest requests, oldest first. */
  readonly requests: LoggedRequest[] = [];
  /** Requests that are not answered yet. */
  readonly open = new Set<LoggedRequest>();
  private readonly counts = new Map<string, ActionCount>();
  private readonly arrivals = new Set<Arrival>();

  /** @param keep how many requests stay in {@link requests}. */
  constructor(private readonly keep: number) {}

  count(action: string): ActionCount {
    const count = this.counts.get(action) ?? { requests: 0, entries: 0, bytes: 0, maxBytes: 0, outcomes: {} };
    this.counts.set(action, count);
    return count;
  }

  start(request: LoggedRequest): void {
    this.open.add(request);
    this.requests.push(request);
    if (this.requests.length >= 2 * this.keep) this.requests.splice(0, this.requests.length - this.keep);
    const count = this.count(request.action);
    count.requests += 1;
    count.entries += request.entries;
    count.bytes += request.bytes;
    count.maxBytes = Math.max(count.maxBytes, request.bytes);
    for (const arrival of this.arrivals) {
      if (!arrival.matches(request)) continue;
      this.arrivals.delete(arrival);
      arrival.resolve(request);
    }
  }

  end(request: LoggedRequest, outcome: string): void {
    if (!this.open.delete(request)) return;
    request.outcome = outcome;
    const { outcomes } = this.count(request.action);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }

  /** The next request of an action, or the next one that matches. */
  arrival(of: string | Arrival['matches']): Promise<LoggedRequest> {
    const matches = typeof of === 'function' ? of : ({ action }: LoggedRequest): boolean => action === of;
    return new Promise((resolve) => this.arrivals.add({ matches, resolve }));
  }
}
