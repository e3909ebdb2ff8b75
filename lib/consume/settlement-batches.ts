import type { BatcherSettings } from '../queue/batcher.js';
import type { Clock } from '../queue/clock.js';
import type { MessageReceiver } from '../queue/queue.js';

/** Open requests of one verb. */
const MAX_IN_FLIGHT = 32;
/** Attempts per settlement. After those the message comes back when its lease ends. */
const MAX_ATTEMPTS = 4;
/** With the request in progress, at most 15 s: the rest of a usual lease, which is not renewed any more. */
const DELIVERY_TIMEOUT_MS = 8_000;
const RETRY_BASE_MS = 100;
const RETRY_MAX_MS = 2_000;

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
