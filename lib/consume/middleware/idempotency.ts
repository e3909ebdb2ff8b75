import { ThriftTransportError } from '../../common/transport-error.js';
import { randomUUID } from 'node:crypto';
import { brand } from '../../common/brand.js';
import { checkOptionNames, type OptionNames } from '../../common/option-names.js';
import { messageOf } from '../../diagnostics/error-text.js';
import type { EventSink } from '../../diagnostics/event-sink.js';
import { eventId } from '../../event/event-id.js';
import type { ClaimResult, IdempotencyStore } from '../../idempotency/idempotency-store.js';
import type { Clock } from '../../queue/clock.js';
import { numberOption } from '../../queue/options.js';
import { callCount } from '../delivery.js';
import type { CallMiddleware } from '../pipeline.js';
import { checkClaim } from './check-claim.js';

/**
 * Skips events that a store has seen before.
 *
 * @publicApi
 */
export interface IdempotencyOptions {
  /** The store, shared by all workers of the queue. A store in memory knows its own process only. */
  readonly store: IdempotencyStore;
  /**
   * Seconds for which a handled event is remembered. 1 to 31 536 000, default 86 400 (a day). SQS
   * keeps messages up to 14 days.
   */
  readonly retentionSeconds?: number | undefined;
}

const IDEMPOTENCY_NAMES = { store: true, retentionSeconds: true } satisfies OptionNames<IdempotencyOptions>;

/** {@link IdempotencyOptions} with every default filled in. */
export interface ResolvedIdempotencyOptions {
  readonly store: IdempotencyStore;
  readonly retentionSeconds: number;
}

/** @throws TypeError, RangeError an option is not acceptable */
export function resolveIdempotency(options: IdempotencyOptions | undefined): ResolvedIdempotencyOptions | undefined {
  if (options === undefined) return undefined;
  const { store, retentionSeconds } = checkOptionNames('', options, IDEMPOTENCY_NAMES, 'idempotency');
  const verbs = ['begin', 'complete', 'release'] as const;
  if (!verbs.every((verb) => typeof (store as Partial<IdempotencyStore> | undefined)?.[verb] === 'function')) {
    throw new TypeError('idempotency.store must have begin, complete and release; see MemoryIdempotencyStore');
  }
  return {
    store,
    retentionSeconds: numberOption('idempotency.retentionSeconds', retentionSeconds, 86_400, 1, 31_536_000),
  };
}

/**
 * Thrown if another delivery of the event is being handled. The message comes back after its claim.
 *
 * @publicApi
 */
export class EventInProgressError extends ThriftTransportError {
  static {
    brand(this, 'EventInProgressError');
  }

  override readonly name = 'EventInProgressError';
  readonly code = 'event-in-progress';

  constructor(
    event: string,
    readonly leftSeconds: number,
  ) {
    super(`the event ${event} is being handled from another delivery`);
  }
}

/**
 * Thrown if the store did not answer. The event may have been handled, and is retried.
 *
 * @publicApi
 */
export class IdempotencyStoreError extends ThriftTransportError {
  static {
    brand(this, 'IdempotencyStoreError');
  }

  override readonly name = 'IdempotencyStoreError';
  readonly code = 'idempotency-store-failed';

  constructor(verb: string, cause: unknown) {
    super(`the idempotency store failed to ${verb}: ${messageOf(cause)}`, { cause });
  }
}

export interface SkipDuplicatesParts {
  readonly idempotency: ResolvedIdempotencyOptions | undefined;
  readonly queue: { readonly name: string };
  readonly clock: Clock;
  readonly report: EventSink;
  /** Seconds a claim lasts. A claim is renewed like a lease, so neither outlives a dead worker for longer. */
  readonly visibilityTimeoutSeconds: number;
}

/** Time in ms for one answer of the store. A slow store must not hold up messages. */
const STORE_TIMEOUT_MS = 5_000;

/**
 * Skips calls whose event was handled before, according to a store. A call whose event is in
 * progress in another delivery is retried later. If the store fails before the call runs, the
 * message is retried as after a failure. Does nothing without a store.
 */
export function skipDuplicates(parts: SkipDuplicatesParts): CallMiddleware {
  const { idempotency, queue, clock, report } = parts;
  if (idempotency === undefined) return (next) => next;
  const { store, retentionSeconds } = idempotency;
  const claimMs = parts.visibilityTimeoutSeconds * 1000;
  const ask = <T>(verb: string, request: () => Promise<T>): Promise<T> => within(clock, verb, request);

  return (next) => async (call, delivery, at) => {
    const { message } = delivery;
    const event = eventId(message, at, callCount(delivery));
    // Queues share a store. A topic may give one event to several queues, and each must handle it.
    const key = `${queue.name}/${event}`;
    const owner = randomUUID();
    const begin = async (): Promise<ClaimResult> => checkClaim(await store.begin(key, owner, claimMs), claimMs);
    const claim = await ask('begin', begin);
    if (claim.state === 'done') {
      report({ type: 'duplicate', queue: queue.name, messageId: message.id, method: call.method, eventId: event });
      return;
    }
    if (claim.state === 'busy') throw new EventInProgressError(event, Math.ceil(claim.leftMs / 1000));
    const attempt = (verb: 'complete' | 'release' | 'renew', request: () => Promise<void>): Promise<void> =>
      ask(verb, request).catch((error: unknown) =>
        report({ type: 'idempotency-failed', queue: queue.name, messageId: message.id, eventId: event, verb, error }),
      );
    const renewal = renewing(clock, claimMs, () =>
      attempt('renew', async () => {
        const { state } = await begin();
        if (state !== 'claimed') throw new Error('the claim ended, and another delivery has the event');
      }),
    );
    try {
      await next(call, delivery, at);
    } catch (error) {
      await renewal.stop();
      await attempt('release', () => store.release(key, owner));
      throw error;
    }
    await renewal.stop();
    // The handlers have run. A failure to note this must not run them again.
    await attempt('complete', () => store.complete(key, owner, retentionSeconds * 1000));
  };
}

/** Calls `renew`, which never rejects, every `ms / 2`, never twice at a time. */
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
    // A renewal in progress could undo the next request to the store.
    stop: async () => {
      cancel();
      await running;
    },
  };
}

async function within<T>(clock: Clock, verb: string, request: () => Promise<T>): Promise<T> {
  let cancel: (() => void) | undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = clock.setTimer(() => reject(new Error(`no answer within ${STORE_TIMEOUT_MS} ms`)), STORE_TIMEOUT_MS);
  });
  try {
    return await Promise.race([request(), late]);
  } catch (error) {
    throw new IdempotencyStoreError(verb, error);
  } finally {
    cancel?.();
  }
}
