import type { RequestFollower } from '../diagnostics/request-follower.js';
import type { RequestEvent, SettledEvent, SettleFailedEvent } from '../diagnostics/transport-event.js';
import type { BatcherSettings, BatchRequests } from '../queue/batch-requests.js';
import { Batcher } from '../queue/batcher.js';
import type { Clock } from '../queue/clock.js';
import { QueueError } from '../queue/queue-error.js';
import type { Discard, EntryResult, MessageReceiver, Release } from '../queue/queue.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import type { Delivery } from './delivery.js';

/** Open requests of one verb. */
const MAX_IN_FLIGHT = 32;
/** Attempts per settlement. After those the message comes back when its lease ends. */
const MAX_ATTEMPTS = 4;
/** With the request in progress, at most 15 s: the rest of a usual lease, which is not renewed any more. */
const DELIVERY_TIMEOUT_MS = 8_000;
const RETRY_BASE_MS = 100;
const RETRY_MAX_MS = 2_000;

/** Result of acting on a settlement. */
export interface SettlementResult {
  /** True once the message has left the queue. */
  readonly gone: boolean;
  /** The request that decided the result; absent without a request. */
  readonly verb?: NonNullable<SettleFailedEvent['verb']>;
  /** Why the request failed. */
  readonly error?: QueueError;
  readonly fate?: NonNullable<SettledEvent['fate']>;
  /** Undefined, too, if the queue did not take the delay. */
  readonly delaySeconds?: number | undefined;
  readonly resent?: number;
}

/** Gathers settlements into requests, one batcher for each verb. */
export class SettlementBatches {
  readonly acknowledgements: Batcher<ReceivedMessage, EntryResult>;
  readonly discards: Batcher<Discard, EntryResult>;
  readonly releases: Batcher<Release, EntryResult>;

  /** @param lingerMs returns the time in ms for which an acknowledgement may wait for others now */
  constructor(
    private readonly queue: MessageReceiver,
    settings: BatcherSettings,
    requests: RequestFollower,
    lingerMs: () => number,
  ) {
    const observed = <T>(
      verb: RequestEvent['verb'],
      messageOf: (item: T) => ReceivedMessage,
      run: (items: readonly T[]) => Promise<readonly EntryResult[]>,
    ): BatchRequests<T, EntryResult> => ({
      run: (items) =>
        requests.run({ verb, queue, entries: items.length, messages: items.map(messageOf) }, () => run(items)),
    });
    const acknowledging = observed<ReceivedMessage>(
      'acknowledge',
      (message) => message,
      (messages) => queue.acknowledge(messages),
    );
    const discarding = observed<Discard>(
      'discard',
      ({ message }) => message,
      (discards) => queue.discard(discards),
    );
    const releasing = observed<Release>(
      'release',
      ({ message }) => message,
      (releases) => queue.release(releases),
    );
    this.acknowledgements = new Batcher(acknowledging, { ...settings, lingerMs });
    this.discards = new Batcher(discarding, settings);
    this.releases = new Batcher(releasing, settings);
  }

  /**
   * Fails the settlements that no open request carries, so that none is repeated after a stop. Their
   * messages come back when their leases end. Returns the error.
   */
  close(): QueueError {
    const { name } = this.queue;
    const init = { code: 'worker-stopped', kind: 'closed', queue: name } as const;
    const error = new QueueError(`the worker of ${name} has stopped`, init);
    for (const batcher of [this.acknowledgements, this.discards, this.releases]) batcher.abort(error);
    return error;
  }
}

/** Returns the settings that the batchers of all verbs share. */
export function batcherSettings({ name, limits }: MessageReceiver, clock: Clock): BatcherSettings {
  return {
    queue: name,
    clock,
    maxEntries: limits.batchEntries,
    maxInFlight: MAX_IN_FLIGHT,
    lingerMs: () => 0,
    maxAttempts: MAX_ATTEMPTS,
    deliveryTimeoutMs: DELIVERY_TIMEOUT_MS,
    retryBaseMs: RETRY_BASE_MS,
    retryMaxMs: RETRY_MAX_MS,
  };
}

/** Returns the result of a removal. The lease is lost if it may have ended before the answer. */
export function removed(verb: 'acknowledge' | 'discard', { lease }: Delivery, result: EntryResult): SettlementResult {
  lease.finish();
  return { gone: result.ok, verb, ...(!result.ok && { error: result.error }) };
}
