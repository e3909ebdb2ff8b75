import { expect, it } from '@jest/globals';
import type { EntryResult, Queue, ReceiveOptions, SendResult } from '#lib/queue/queue.js';
import type { ReceivedMessage, WireMessage } from '#lib/queue/wire-message.js';
import type { Promises } from './queue-contract.js';

/** A check of the contract, or of a known deviation from it: then it has to fail. */
export function check(
  { promises }: { readonly promises: Pick<Promises, 'deviations'> },
  name: string,
  body: () => Promise<void>,
): void {
  const reason = promises.deviations?.[name];
  if (reason === undefined) it(name, body);
  else it.failing(`${name} (deviation: ${reason})`, body);
}

/** Numbered plain messages. */
export function numbered(count: number, more: Partial<WireMessage> = {}): WireMessage[] {
  return Array.from({ length: count }, (_, at) => ({ body: `message ${at}`, ...more }));
}

/** Receives at once whatever is visible. */
export function receiveNow(queue: Queue, more: Partial<ReceiveOptions> = {}): Promise<readonly ReceivedMessage[]> {
  return queue.receive({ max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30, ...more });
}

/** Sends what has to be taken, and tells the ids. */
export async function sendAll(queue: Queue, messages: readonly WireMessage[]): Promise<string[]> {
  return (await queue.send(messages)).map(idOf);
}

/** The id of a message that was taken. */
export function idOf(outcome: SendResult): string {
  if (outcome.ok) return outcome.id;
  throw outcome.error;
}

/** The only message of a list. */
export function only<T>(list: readonly T[]): T {
  expect(list).toHaveLength(1);
  return list[0] as T;
}

/** Outcomes as a row of `true` and kinds of errors. */
export function kinds(outcomes: readonly (EntryResult | SendResult)[]): (true | string)[] {
  return outcomes.map((outcome) => (outcome.ok ? true : outcome.error.kind));
}
