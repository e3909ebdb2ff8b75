import { type Clock, SingleTimer } from './clock.js';

export interface DeliveryTimeoutParts {
  readonly clock: Clock;
  /** Milliseconds of silence. With 0 the first failed request decides, and no timer runs. */
  readonly ms: number;
  /** Tells how long the queue has left requests unanswered. */
  readonly gate: { readonly isSilent: boolean; silentMs(): number };
  /** Fails the entries that have waited since `until` or before. */
  readonly expire: (until: number) => void;
  /** True if no entry is left. */
  readonly isIdle: () => boolean;
}

/** Time in ms between two looks at the entries of an outage. */
const STEP_MS = 100;

/**
 * Fails entries in time while the queue answers no request. Entries expire between the requests of an
 * outage as well, and while a request hangs.
 */
export class DeliveryTimeout {
  private readonly timer: SingleTimer;

  constructor(private readonly parts: DeliveryTimeoutParts) {
    this.timer = new SingleTimer(parts.clock, () => this.look());
  }

  /** Watches the silence that a request may begin. */
  watch(): void {
    const { ms, gate, isIdle } = this.parts;
    if (ms > 0 && gate.isSilent && !isIdle()) this.timer.start(Math.max(STEP_MS, ms - gate.silentMs()));
  }

  cancel(): void {
    this.timer.cancel();
  }

  /** Fails the entries whose time is over. */
  look(): void {
    const { clock, ms, gate, expire } = this.parts;
    if (gate.isSilent && gate.silentMs() >= ms) expire(clock.now() - ms);
    this.watch();
  }
}
