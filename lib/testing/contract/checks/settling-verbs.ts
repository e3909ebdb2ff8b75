import type { EntryResult } from '../../../queue/queue.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { leaseSeconds } from '../carrier-time.js';
import type { OpenEnds } from '../open-ends.js';

type Results = Promise<readonly EntryResult[]>;

/** Calls each verb that takes messages out of their queue. */
export const ENDING = {
  acknowledge: ({ receiver }: OpenEnds, messages: readonly ReceivedMessage[]): Results =>
    receiver.acknowledge(messages),
  discard: ({ receiver }: OpenEnds, messages: readonly ReceivedMessage[]): Results =>
    receiver.discard(messages.map((message) => ({ message, reason: 'unknown-method' }))),
};

/** Calls each verb of a receiver on messages in hand. */
export const SETTLING = {
  ...ENDING,
  release: ({ receiver }: OpenEnds, messages: readonly ReceivedMessage[]): Results =>
    receiver.release(messages.map((message) => ({ message, seconds: 0, cause: 'failed' }))),
  extend: ({ receiver }: OpenEnds, messages: readonly ReceivedMessage[]): Results =>
    receiver.extend(messages.map((message) => ({ message, seconds: leaseSeconds(receiver) }))),
};
