import type { TransportEvent } from '../diagnostics/transport-event.js';
import type { SendResult } from '../queue/queue.js';

/** Result of a call: the answer of the queue, or an error from before any request. */
export type CallResult = SendResult | { readonly ok: false; readonly error: Error };

/** Name of a queue that is not open yet, for events and errors. */
export const UNOPENED_QUEUE = 'the queue';

/**
 * Builds the event that reports the end of a call.
 *
 * @param buffered counts the calls that still wait in the send buffer
 */
export function callEvent(queue: string, method: string, result: CallResult, buffered: number): TransportEvent {
  if (result.ok) return { type: 'stored', queue, method, messageId: result.id, buffered };
  return { type: 'emit-failed', queue, method, error: result.error };
}

/**
 * Marks a rejection as handled. An event reports the failure of a call, so an ignored promise must
 * not end the process.
 */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
