import type { MessageReceiver } from '../../queue/queue.js';
import type { CarrierUnderTest } from './carrier-under-test.js';
import { failed } from './expectations.js';

/** Step by which a virtual clock moves while a check waits. */
const STEP_MS = 50;

const DEFAULT_ANSWER_MS = 5_000;

const DEFAULT_SHORT_SECONDS = 1;

/** Limits a wait. */
export interface WaitLimit {
  /** Seconds of the carrier's time that may pass. Default 0. */
  readonly seconds?: number;
  /** Completes the sentence "Expected …" if the time is over. Read at that moment. */
  readonly expectation: string | (() => string);
}

/** Waits in the time of a carrier, which may stand still until a check moves it. */
export class CarrierTime {
  constructor(private readonly carrier: Pick<CarrierUnderTest, 'advance' | 'answerMs' | 'shortSeconds'>) {}

  /** Seconds of a short lease, delay or wait. */
  get short(): number {
    return this.carrier.shortSeconds ?? DEFAULT_SHORT_SECONDS;
  }

  /** Lets time pass. */
  pass(ms: number): Promise<void> {
    return this.carrier.advance?.(ms) ?? pause(ms);
  }

  /** Lets time pass until a promise settles. Rejects with the expectation if the time is over. */
  async within<T>(promise: Promise<T>, { seconds = 0, expectation }: WaitLimit): Promise<T> {
    const { advance, answerMs = DEFAULT_ANSWER_MS } = this.carrier;
    let settled = false;
    const done = (): void => void (settled = true);
    promise.then(done, done);
    if (advance !== undefined) {
      for (let passed = 0; !settled && passed < seconds * 1000; passed += STEP_MS) await this.pass(STEP_MS);
    }
    if (settled) return promise;
    const late = (): Error => failed(typeof expectation === 'string' ? expectation : expectation());
    // A virtual clock has moved by now, so only real work remains, such as that of a socket.
    return beforeTimeout(promise, answerMs + (advance === undefined ? seconds * 1000 : 0), late);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

function beforeTimeout<T>(promise: Promise<T>, ms: number, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Seconds of a lease that outlasts a check. */
const LEASE_SECONDS = 30;

/** Seconds that may pass between a receive and an extension. A queue counts a lease from the receive. */
const MARGIN_SECONDS = 5;

/** Returns the seconds of a lease for which a check asks, within the limit of the receiver. */
export function leaseSeconds({ features, limits }: Pick<MessageReceiver, 'features' | 'limits'>): number {
  if (!features.leases) return LEASE_SECONDS;
  return Math.max(1, Math.min(LEASE_SECONDS, limits.leaseSeconds - MARGIN_SECONDS));
}
