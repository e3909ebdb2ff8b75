import { QueueError } from '#lib/queue/queue-error.js';
import type { EntryResult, Queue, ReceiveOptions } from '#lib/queue/queue.js';
import type { ReceivedMessage, WireMessage } from '#lib/queue/wire-message.js';

/** Pairs a broken queue with the expectation that its check has to state. */
export type Break = readonly [expectation: RegExp, broken: (queue: Queue) => Partial<Queue>];

/** A broken queue for each check, by the title of the check. */
export type Breaks = Readonly<Record<string, Break>>;

export const OK: EntryResult = { ok: true };

/** Answers that all entries succeeded, and does nothing. */
export const succeed = async (entries: readonly unknown[]): Promise<EntryResult[]> => entries.map(() => OK);

/** A queue that stores other messages than it is given. */
export const sending = (change: (message: WireMessage) => WireMessage) => (queue: Queue) => ({
  send: (messages: readonly WireMessage[]) => queue.send(messages.map(change)),
});

/** A queue that hands out other messages than it stores. */
export const receiving = (change: (message: ReceivedMessage) => ReceivedMessage) => (queue: Queue) => ({
  receive: async (options: ReceiveOptions) => (await queue.receive(options)).map(change),
});

/** A queue that receives otherwise than it is asked to. */
export const asking = (change: Partial<ReceiveOptions>) => (queue: Queue) => ({
  receive: (options: ReceiveOptions) => queue.receive({ ...options, ...change }),
});

export const aborted = new QueueError('aborted.', { code: 'RequestAborted', kind: 'network', queue: 'memory' });
