import { AdaptiveRateLimiter } from './adaptive-rate-limiter.js';
import { CircuitBreaker } from './circuit-breaker.js';
import type { BackoffOptions, Clock } from './clock.js';
import type { QueueError } from './queue-error.js';

export interface RequestGateParts {
  readonly clock: Clock;
  /** Largest number of open requests. */
  readonly maxInFlight: number;
  /** Pauses between the requests of an outage. */
  readonly pauses: BackoffOptions;
}

/**
 * Time in ms after which another request tests a queue although the last one is still open. A request
 * from before the end of an outage may get no answer until its deadline.
 */
const TEST_EVERY_MS = 1_500;

/**
 * Decides when the next request to a queue may start. Counts the open requests, and combines the
 * rate limiter with the circuit breaker.
 */
export class RequestGate {
  private open = 0;
  private startedAt = -Infinity;
  /** Start of the silence: of the first request after the last answer. Undefined without a request. */
  private silentSince: number | undefined;
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

  /** True if an open request must end first. */
  get isFull(): boolean {
    return this.open >= this.parts.maxInFlight;
  }

  /** True if requests have been made since the last answer. */
  get isSilent(): boolean {
    return this.silentSince !== undefined;
  }

  /** Milliseconds until the next request may start. */
  delay(): number {
    return Math.max(this.rateLimiter.delay(), this.breaker.delay(), this.testDelay());
  }

  /** Milliseconds since the queue has left requests unanswered; 0 while the queue answers. */
  silentMs(): number {
    return this.silentSince === undefined ? 0 : this.parts.clock.now() - this.silentSince;
  }

  /** Notes the start of a request, and returns its time. */
  started(): number {
    this.open += 1;
    this.rateLimiter.started();
    this.startedAt = this.parts.clock.now();
    this.silentSince ??= this.startedAt;
    return this.startedAt;
  }

  /** Notes a request that the queue answered, if only by a refusal. */
  answered(throttled: boolean): void {
    this.open -= 1;
    this.silentSince = this.open > 0 ? this.parts.clock.now() : undefined;
    this.breaker.answered();
    this.rateLimiter.ended(throttled);
  }

  /** Notes a request without an answer about its entries. */
  failed(startedAt: number, { kind, retryAfterMs }: QueueError): void {
    this.open -= 1;
    if (kind === 'throttled') this.rateLimiter.ended(true);
    this.breaker.failed(startedAt, retryAfterMs);
  }

  /** Milliseconds until an outage may be tested again while a request is open. */
  private testDelay(): number {
    if (!this.breaker.isOpen || this.open === 0) return 0;
    return Math.max(0, this.startedAt + TEST_EVERY_MS - this.parts.clock.now());
  }
}
