import { numberOption } from '../queue/number-option.js';

/** How calls are gathered, retried and buffered on their way to the queue. */
export interface PublishOptions {
  /** Requests open at once; what is emitted meanwhile fills the next ones. 1 to 64, default 4. */
  readonly maxInFlight?: number;
  /** Milliseconds to wait for more calls before a request that is not full. 0 to 60 000, default 0: batching costs no latency. */
  readonly lingerMs?: number;
  /** Tries of one call, the first included. 1 to 20, default 5. */
  readonly maxAttempts?: number;
  /** The first retry comes after a random time up to this, doubling each time up to 5 s. Milliseconds, default 100. */
  readonly retryBaseMs?: number;
  /** What may wait unsent before emits fail at once with BufferFullError. Default 10 000 calls or 64 MiB, whichever is first. */
  readonly buffer?: { readonly calls?: number; readonly bytes?: number };
  /** Milliseconds that `close()` takes at most to send what waits; then the rest is rejected. Default 10 000. */
  readonly flushTimeoutMs?: number;
}

/** {@link PublishOptions} with every value decided. */
export interface ResolvedPublishOptions {
  readonly maxInFlight: number;
  readonly lingerMs: number;
  readonly maxAttempts: number;
  readonly retryBaseMs: number;
  readonly bufferCalls: number;
  readonly bufferBytes: number;
  readonly flushTimeoutMs: number;
}

/** @throws RangeError naming the option, the value and the range */
export function resolvePublishOptions(options: PublishOptions = {}): ResolvedPublishOptions {
  return {
    maxInFlight: numberOption('maxInFlight', options.maxInFlight, 4, 1, 64),
    lingerMs: numberOption('lingerMs', options.lingerMs, 0, 0, 60_000),
    maxAttempts: numberOption('maxAttempts', options.maxAttempts, 5, 1, 20),
    retryBaseMs: numberOption('retryBaseMs', options.retryBaseMs, 100, 0, 60_000),
    bufferCalls: numberOption('buffer.calls', options.buffer?.calls, 10_000, 1, 10_000_000),
    bufferBytes: numberOption('buffer.bytes', options.buffer?.bytes, 64 * 1024 * 1024, 1, 2 ** 40),
    flushTimeoutMs: numberOption('flushTimeoutMs', options.flushTimeoutMs, 10_000, 0, 3_600_000),
  };
}
