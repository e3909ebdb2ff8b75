import { AdaptiveRateLimiter } from './adaptive-rate-limiter.js';
import { CircuitBreaker } from './circuit-breaker.js';
import type { BackoffOptions, Clock } from './clock.js';

export interface RequestGateParts {
  readonly clock: Clock;
  /** Largest number of open requests. */
  readonly maxInFlight: number;
  /** Pauses between the requests of an outage. */
  readonly pauses: BackoffOptions;
}

/**
 * Decides when the next request to a queue may start. Counts the open requests, and combines the
 * rate limiter with the circuit breaker.
 */
export class RequestGate {
  private open = 0;
  private readonly rateLimiter: AdaptiveRateLimiter;
  private readonly breaker: CircuitBreaker;

  constructor(private readonly parts: RequestGateParts) {
    this.rateLimiter = new AdaptiveRateLimiter(parts.clock);
    this.breaker = new CircuitBreaker(parts.clock, parts.pauses);
  }

  /** True if no request is open. */
  get isIdle(): boolean {
    return this.open === 0;
  }

  /** True if an open request must end first. In an outage one request at a time tests the queue. */
  get isFull(): boolean {
    return this.open >= (this.breaker.isOpen ? 1 : this.parts.maxInFlight);
  }

  /** Milliseconds until the next request may start. */
  delay(): number {
    return Math.max(this.rateLimiter.delay(), this.breaker.delay());
  }

  /** Milliseconds without an answered request; 0 while the queue answers. */
  outageMs(): number {
    return this.breaker.openFor();
  }

  /** Notes the start of a request, and returns its time. */
  started(): number {
    this.open += 1;
    this.rateLimiter.started();
    return this.parts.clock.now();
  }

  /** Notes a request that the queue answered, if only by a refusal. */
  answered(throttled: boolean): void {
    this.open -= 1;
    this.breaker.answered();
    this.rateLimiter.ended(throttled);
  }

  /** Notes a request without an answer about its entries. */
  failed(startedAt: number, throttled: boolean): void {
    this.open -= 1;
    if (throttled) this.rateLimiter.ended(true);
    this.breaker.failed(startedAt);
  }
}
