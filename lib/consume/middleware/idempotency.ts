import { randomUUID } from 'node:crypto';
import { messageOf } from '../../diagnostics/error-text.js';
import type { EventSink } from '../../diagnostics/event-sink.js';
import { eventId } from '../../event/event-id.js';
import type { IdempotencyStore } from '../../idempotency/idempotency-store.js';
import type { Clock } from '../../queue/clock.js';
import { numberOption } from '../../queue/options.js';
import type { CallHandler } from '../delivery.js';

/** Handles each event once, as far as a store can tell. */
export interface IdempotencyOptions {
  /** Shared by all workers of the queue; one in memory knows of its own process alone. */
  readonly store: IdempotencyStore;
  /** Seconds for which a handled event is remembered. 1 to 31 536 000, default 86 400: a day. SQS keeps messages up to 14 days. */
  readonly retentionSeconds?: number;
}

/** {@link IdempotencyOptions} with every value decided. */
export type ResolvedIdempotencyOptions = Required<IdempotencyOptions>;

/** @throws TypeError, RangeError an option is not acceptable */
export function resolveIdempotency(options: IdempotencyOptions | undefined): ResolvedIdempotencyOptions | undefined {
  if (options === undefined) return undefined;
  const { store, retentionSeconds } = options;
  const verbs = ['begin', 'complete', 'release'] as const;
  if (!verbs.every((verb) => typeof (store as Partial<IdempotencyStore> | undefined)?.[verb] === 'function')) {
    throw new TypeError('option idempotency.store must have begin, complete and release; see MemoryIdempotencyStore');
  }
  return {
    store,
    retentionSeconds: numberOption('idempotency.retentionSeconds', retentionSeconds, 86_400, 1, 31_536_000),
  };
}

/** Another delivery of the event is being handled: this one comes back when that must have ended. */
export class EventInProgressError extends Error {
  override readonly name = 'EventInProgressError';

  constructor(
    event: string,
    readonly leftSeconds: number,
  ) {
    super(`the event ${event} is being handled from another delivery`);
  }
}

/** The store did not answer, so nobody knows whether the event was handled: it is tried again. */
export class IdempotencyStoreError extends Error {
  override readonly name = 'IdempotencyStoreError';

  constructor(verb: string, cause: unknown) {
    super(`the idempotency store failed to ${verb}: ${messageOf(cause)}`, { cause });
  }
}

/** What {@link skipDuplicates} needs. */
export interface SkipDuplicatesParts {
  readonly queue: { readonly name: string };
  readonly clock: Clock;
  readonly report: EventSink;
  /** Seconds a claim lasts: as long as a lease, and renewed like it, so that neither outlives a worker that dies for longer. */
  readonly claimSeconds: number;
}

/** A store that takes longer is one that failed: messages must not be held for it. */
const STORE_TIMEOUT_MS = 5_000;

/**
 * Asks the store before a call runs. An event that is done is not run again, and its message is removed; one that another delivery
 * is at comes back later; where the store does not answer, the message comes back as after a failure.
 */
export function skipDuplicates(
  dispatch: CallHandler,
  options: ResolvedIdempotencyOptions,
  parts: SkipDuplicatesParts,
): CallHandler {
  const { store, retentionSeconds } = options;
  const { queue, report, clock } = parts;
  const claimMs = parts.claimSeconds * 1000;
  const ask = <T>(verb: string, asked: () => Promise<T>): Promise<T> => within(clock, verb, asked);

  return async (call, delivery, at) => {
    const { message, calls } = delivery;
    const event = eventId(message, at, calls.length);
    // Queues share a store: each of them has to handle an event that a topic gave to all.
    const key = `${queue.name}/${event}`;
    const owner = randomUUID();
    const claim = await ask('begin', () => store.begin(key, owner, claimMs));
    if (claim.state === 'done') {
      report({ type: 'duplicate', queue: queue.name, messageId: message.id, method: call.method, eventId: event });
      return;
    }
    if (claim.state === 'busy') throw new EventInProgressError(event, Math.ceil(claim.leftMs / 1000));
    const attempt = (verb: 'complete' | 'release' | 'renew', asked: () => Promise<void>): Promise<void> =>
      ask(verb, asked).catch((error: unknown) =>
        report({ type: 'idempotency-failed', queue: queue.name, messageId: message.id, eventId: event, verb, error }),
      );
    const renewal = renewing(clock, claimMs, () =>
      attempt('renew', async () => {
        const { state } = await store.begin(key, owner, claimMs);
        if (state !== 'claimed') throw new Error('the claim ended, and another delivery has the event');
      }),
    );
    try {
      await dispatch(call, delivery, at);
    } catch (error) {
      await renewal.stop();
      await attempt('release', () => store.release(key, owner));
      throw error;
    }
    await renewal.stop();
    // The handlers have run. To run them again because the store is away would be the very thing it is there to prevent.
    await attempt('complete', () => store.complete(key, owner, retentionSeconds * 1000));
  };
}

/** Calls `renew`, which never rejects, at every half of `ms`, once at a time. */
function renewing(clock: Clock, ms: number, renew: () => Promise<void>): { stop(): Promise<void> } {
  let cancel: () => void;
  let running: Promise<void> | undefined;
  const arm = (): void => {
    cancel = clock.setTimer(() => {
      arm();
      running ??= renew().finally(() => (running = undefined));
    }, ms / 2);
  };
  arm();
  return {
    // A renewal that is under way may land after what comes next, and undo it.
    stop: async () => {
      cancel();
      await running;
    },
  };
}

async function within<T>(clock: Clock, verb: string, asked: () => Promise<T>): Promise<T> {
  let cancel: (() => void) | undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = clock.setTimer(() => reject(new Error(`no answer within ${STORE_TIMEOUT_MS} ms`)), STORE_TIMEOUT_MS);
  });
  try {
    return await Promise.race([asked(), late]);
  } catch (error) {
    throw new IdempotencyStoreError(verb, error);
  } finally {
    cancel?.();
  }
}
