import { numberOption } from '../queue/options.js';

/** How calls are gathered, retried and buffered on their way to the queue. */
export interface PublishOptions {
  /** Requests open at once; what is emitted meanwhile fills the next ones. 1 to 64, default 4. */
  readonly maxInFlight?: number;
  /** Milliseconds to wait for more calls before a request that is not full. 0 to 60 000, default 0: batching costs no latency. */
  readonly lingerMs?: number;
  /** Tries of one call that the queue has refused for the time being, the first included. 1 to 20, default 5. */
  readonly maxAttempts?: number;
  /**
   * Milliseconds of an outage after which calls are given up: while the queue answers no request at all, calls wait in the buffer, and
   * those that have waited so long error. 0 to 3 600 000, default 10 000; 0 gives up at the first failure.
   */
  readonly deliveryTimeoutMs?: number;
  /** The first retry comes after a random time up to this, doubling each time up to 5 s. Milliseconds, default 100. */
  readonly retryBaseMs?: number;
  /** What may wait unsent before emits fail at once with BufferFullError. Default 10 000 calls or 64 MiB, whichever is first. */
  readonly buffer?: { readonly calls?: number; readonly bytes?: number };
  /**
   * Lets calls share a body: fewer and cheaper requests, but the calls of a body come back together when their worker dies. `true` for
   * the defaults. Default false. Not on FIFO queues.
   */
  readonly pack?: boolean | PackOptions;
  /**
   * FIFO queues: a request carries one call of a message group, so that no failure of an entry can make two calls of a group change
   * places. `false` allows up to ten, which costs fewer requests where few groups emit a lot. Default true.
   */
  readonly strictOrder?: boolean;
  /**
   * Gives each message an id of its event in the attribute `thrift-event-id`, unless it has one or all ten attributes are taken: a message
   * that was stored twice because an answer was lost is then the same event to an idempotency store. Costs 66 bytes. Default false.
   */
  readonly eventIds?: boolean;
  /** Milliseconds that `close()` takes at most to send what waits; then the rest is rejected. Default 10 000. */
  readonly flushTimeoutMs?: number;
}

/** How calls share bodies. */
export interface PackOptions {
  /**
   * Bytes of a body and its attributes beyond which no call is added; a larger call goes alone. 1 to 1 048 576 and never more than the
   * queue accepts. Default 8192: nearly all of the saving, and little is done twice. SQS bills by 65 536.
   */
  readonly maxBytes?: number;
  /** Milliseconds to wait for more calls before a request that is not full. Default: the option `lingerMs` beside. */
  readonly lingerMs?: number;
}

/** {@link PublishOptions} with every value decided. */
export interface ResolvedPublishOptions {
  readonly maxInFlight: number;
  readonly lingerMs: number;
  readonly maxAttempts: number;
  readonly deliveryTimeoutMs: number;
  readonly retryBaseMs: number;
  readonly bufferCalls: number;
  readonly bufferBytes: number;
  readonly flushTimeoutMs: number;
  readonly strictOrder: boolean;
  readonly eventIds: boolean;
  readonly pack?: { readonly maxBytes: number; readonly lingerMs: number };
}

/** @throws RangeError naming the option, the value and the range */
export function resolvePublishOptions(options: PublishOptions = {}): ResolvedPublishOptions {
  const lingerMs = numberOption('lingerMs', options.lingerMs, 0, 0, 60_000);
  const pack = resolvePack(options.pack, lingerMs);
  return {
    maxInFlight: numberOption('maxInFlight', options.maxInFlight, 4, 1, 64),
    lingerMs,
    maxAttempts: numberOption('maxAttempts', options.maxAttempts, 5, 1, 20),
    deliveryTimeoutMs: numberOption('deliveryTimeoutMs', options.deliveryTimeoutMs, 10_000, 0, 3_600_000),
    retryBaseMs: numberOption('retryBaseMs', options.retryBaseMs, 100, 0, 60_000),
    bufferCalls: numberOption('buffer.calls', options.buffer?.calls, 10_000, 1, 10_000_000),
    bufferBytes: numberOption('buffer.bytes', options.buffer?.bytes, 64 * 1024 * 1024, 1, 2 ** 40),
    flushTimeoutMs: numberOption('flushTimeoutMs', options.flushTimeoutMs, 10_000, 0, 3_600_000),
    strictOrder: options.strictOrder ?? true,
    eventIds: options.eventIds ?? false,
    ...(pack && { pack }),
  };
}

function resolvePack(pack: PublishOptions['pack'], linger: number): ResolvedPublishOptions['pack'] {
  if (pack === undefined || pack === false) return undefined;
  const { maxBytes, lingerMs } = pack === true ? {} : pack;
  return {
    maxBytes: numberOption('pack.maxBytes', maxBytes, 8192, 1, 1_048_576),
    lingerMs: numberOption('pack.lingerMs', lingerMs, linger, 0, 60_000),
  };
}
