import { QueueError, type QueueErrorKind } from './queue-error.js';
import type { EntryResult } from './queue.js';

/** Result of an item that no request stored. */
export interface Failure {
  readonly ok: false;
  readonly error: QueueError;
}

/** Kinds of refusals that hold for every item. */
const NO_ACCESS: ReadonlySet<QueueErrorKind> = new Set(['denied', 'credentials', 'missing-queue']);

/** Returns the error if the queue refused all entries because the caller has no access. */
export function firstRefusal(results: readonly (EntryResult | undefined)[]): QueueError | undefined {
  const errors = results.flatMap((result) => (result?.ok === false ? [result.error] : []));
  return errors.length === results.length && errors.every(({ kind }) => NO_ACCESS.has(kind)) ? errors[0] : undefined;
}

export function isThrottled(result: EntryResult | undefined): boolean {
  return result?.ok === false && result.error.kind === 'throttled';
}

/** Returns the longest of `ms` and the pauses that the service asks for. */
export function longestPause(results: readonly (EntryResult | undefined)[], ms: number): number {
  return Math.max(ms, ...results.map((result) => (result?.ok === false && result.error.retryAfterMs) || 0));
}

/** Builds the result of an entry that the answer does not mention. */
export function unanswered(queue: string): Failure {
  const message = `the answer of ${queue} has no result for this entry`;
  return { ok: false, error: new QueueError(message, { code: 'EntryUnanswered', kind: 'service', queue }) };
}

/** Builds the error of entries whose time is over before any request has failed. */
export function silence({ queue, deliveryTimeoutMs }: { queue: string; deliveryTimeoutMs: number }): QueueError {
  const message = `${queue} answered no request for ${deliveryTimeoutMs} ms. The queue may still store the message.`;
  return new QueueError(message, { code: 'DeliveryTimeout', kind: 'network', queue });
}
