import { afterEach, beforeEach, jest } from '@jest/globals';
import type { BatcherSettings, BatchRequests } from '#lib/queue/batch-requests.js';
import { Batcher } from '#lib/queue/batcher.js';
import { sleep } from '#lib/queue/clock.js';
import { QueueError, type QueueErrorKind } from '#lib/queue/queue-error.js';
import type { EntryResult } from '#lib/queue/queue.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';

export interface Item {
  readonly id: number;
  readonly key?: string;
  readonly bytes?: number;
}

/** Describes a request of the batcher. */
export interface Request {
  readonly items: readonly Item[];
  readonly startedAt: number;
  endedAt: number;
}

/** Answers a request. A QueueError rejects the whole request. `number` counts from 1. */
export type Answer = (items: readonly Item[], number: number) => QueueError | readonly (EntryResult | undefined)[];

export const OK: EntryResult = { ok: true };

export function failure(kind: QueueErrorKind = 'service'): QueueError {
  return new QueueError('by script', { code: 'Scripted', kind, queue: 'q' });
}

export function failed(kind: QueueErrorKind = 'service'): EntryResult {
  return { ok: false, error: failure(kind) };
}

const allOk: Answer = (items) => items.map(() => OK);

/** Settings of a batcher, without its clock. */
export const SETTINGS = {
  queue: 'q',
  maxEntries: 10,
  maxInFlight: 4,
  lingerMs: () => 0,
  maxAttempts: 3,
  deliveryTimeoutMs: 10_000,
  retryBaseMs: 1_000,
  retryMaxMs: 5_000,
};

/** Runs a batcher whose requests take 100 ms each and are answered by script. */
export class Bench {
  readonly clock = new VirtualClock(0);
  readonly requests: Request[] = [];
  readonly batcher: Batcher<Item, EntryResult>;

  constructor(answer: Answer = allOk, settings: Partial<BatcherSettings> = {}) {
    const requests: BatchRequests<Item, EntryResult> = {
      run: (items) => this.run(items, answer),
      keyOf: (item) => item.key,
      sizeOf: (item) => item.bytes ?? 1,
    };
    this.batcher = new Batcher(requests, {
      ...SETTINGS,
      clock: this.clock,
      random: () => 1,
      ...settings,
    });
  }

  private async run(items: readonly Item[], answer: Answer): Promise<readonly EntryResult[]> {
    const request: Request = { items, startedAt: this.clock.now(), endedAt: Infinity };
    this.requests.push(request);
    const answered = answer(items, this.requests.length);
    await sleep(this.clock, 100);
    request.endedAt = this.clock.now();
    if (answered instanceof QueueError) throw answered;
    return answered as readonly EntryResult[];
  }

  /** Adds `count` items with consecutive ids. */
  add(count: number, more: Omit<Item, 'id'> = {}, from = 0): Promise<EntryResult>[] {
    return Array.from({ length: count }, (_, i) => this.batcher.add({ id: from + i, ...more }));
  }

  /** Ids of each request. */
  get ids(): number[][] {
    return this.requests.map(({ items }) => items.map(({ id }) => id));
  }

  get sizes(): number[] {
    return this.requests.map(({ items }) => items.length);
  }
}

/** Returns `ok` or the error code of each result. */
export async function codes(outcomes: readonly Promise<EntryResult>[]): Promise<string[]> {
  return (await Promise.all(outcomes)).map((outcome) => (outcome.ok ? 'ok' : outcome.error.code));
}

/** Watches the state of a promise. */
export function watch<T>(promise: Promise<T>): { readonly state: 'pending' | 'resolved' | 'rejected' } {
  const seen: { state: 'pending' | 'resolved' | 'rejected' } = { state: 'pending' };
  promise.then(
    () => void (seen.state = 'resolved'),
    () => void (seen.state = 'rejected'),
  );
  return seen;
}

/**
 * Makes Math.random the same in every run of a file: a linear congruential generator with the
 * constants of Numerical Recipes.
 */
export function seedRandom(): void {
  beforeEach(() => {
    let state = 1;
    jest.spyOn(Math, 'random').mockImplementation(() => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    });
  });
  afterEach(() => void jest.restoreAllMocks());
}
