import assert from 'node:assert/strict';
import type { QueueError } from '../../queue/queue-error.js';
import type { EntryResult, SendResult } from '../../queue/queue.js';
import type { WireBody } from '../../queue/wire-message.js';

/** Describes an error by the properties that a check looks at. */
export type ErrorLike = Partial<Pick<QueueError, 'kind' | 'code' | 'retryable'>>;

/** Asserts a condition. The expectation completes the sentence "Expected …". */
export function expectThat(condition: boolean, expectation: string): void {
  if (!condition) throw failed(expectation);
}

/** Asserts deep equality. The error holds both values, which test frameworks print. */
export function expectEqual(actual: unknown, expected: unknown, expectation: string): void {
  assert.deepEqual(actual, expected, `Expected ${expectation}.`);
}

/** Asserts that a call rejects with a {@link QueueError} of these properties. */
export async function expectRejection(
  call: () => Promise<unknown>,
  like: ErrorLike,
  expectation: string,
): Promise<void> {
  const { rejected, reason } = await rejectionOf(call);
  if (!rejected) throw failed(`${expectation}. The call resolved`);
  if (reason instanceof assert.AssertionError) throw reason;
  if (!isQueueError(reason)) throw failed(`${expectation}. The call rejected with ${String(reason)}`);
  const actual = Object.fromEntries(Object.keys(like).map((key) => [key, reason[key as keyof ErrorLike]]));
  expectEqual(actual, { ...like }, expectation);
}

async function rejectionOf(call: () => Promise<unknown>): Promise<{ rejected: boolean; reason?: unknown }> {
  try {
    await call();
    return { rejected: false };
  } catch (reason) {
    return { rejected: true, reason };
  }
}

/**
 * True if an error is a {@link QueueError}. The carrier may have loaded another copy of the class,
 * so the name decides.
 */
export function isQueueError(error: unknown): error is QueueError {
  return error instanceof Error && error.name === 'QueueError';
}

/** Creates the error of an unmet expectation. */
export function failed(expectation: string): Error {
  return new assert.AssertionError({ message: `Expected ${expectation}.`, operator: 'fail' });
}

/** Returns results as a list of `true` and kinds of errors. */
export function kindsOf(results: readonly (EntryResult | SendResult)[]): (true | string)[] {
  return Array.from(results, (result) => (result.ok ? true : result.error.kind));
}

/** Returns the bodies of messages as text. */
export function textsOf(messages: readonly { readonly body: WireBody }[]): string[] {
  return messages.map(({ body }) => (typeof body === 'string' ? body : new TextDecoder().decode(body)));
}

/** Returns a body in a form that can be compared and printed: text, or bytes in hexadecimal. */
export function readable(body: WireBody): string {
  return typeof body === 'string' ? body : `bytes ${Buffer.from(body).toString('hex')}`;
}
