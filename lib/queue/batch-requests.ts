import type { Clock } from './clock.js';
import type { LearnedLimit } from './learned-size.js';
import type { ItemMeasures, RequestLimits } from './pending-entries.js';
import type { QueueError } from './queue-error.js';
import type { EntryResult } from './queue.js';

/** Configures a `Batcher`. */
export interface BatcherSettings extends RequestLimits {
  /** Name of the queue, for errors. */
  readonly queue: string;
  readonly clock: Clock;
  /** Open requests. Further items wait and fill the next requests. */
  readonly maxInFlight: number;
  /** Returns the time in ms that a request waits until it is full. 0 sends at the end of the turn. */
  readonly lingerMs: () => number;
  /** Attempts of an item that the queue answered individually, the first included. */
  readonly maxAttempts: number;
  /**
   * Time in ms without an answered request after which items fail that have waited as long, also
   * items of an open request. They fail with the error of the last request. 0 fails all items at the
   * first failed request.
   */
  readonly deliveryTimeoutMs: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly random?: () => number;
  readonly listener?: RequestListener;
  /**
   * Takes how large requests are from now on, if the queue refuses requests that its limits allow.
   * Called once the queue has accepted a request after the refusals. Must not throw.
   */
  readonly learned?: (limit: LearnedLimit) => void;
}

/** Learns if the queue answers requests. Must not throw. */
export interface RequestListener {
  /** Notes an answer about the entries of a request. */
  answered(): void;
  /** Notes a request that failed as a whole, or whose entries were all refused for want of access. */
  failed(error: QueueError): void;
}

/** Performs the requests of a `Batcher`. */
export interface BatchRequests<T, R extends EntryResult> extends ItemMeasures<T> {
  /** Performs one request for all `items` and returns a result for each, in order. */
  run(items: readonly T[]): Promise<readonly R[]>;
  /**
   * Returns the key of an item. Items of one key never travel in two open requests, so their order
   * is kept. Default: no key.
   */
  keyOf?(item: T): string | undefined;
}
