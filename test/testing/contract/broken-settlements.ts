import { randomUUID } from 'node:crypto';
import { QueueError } from '#lib/queue/queue-error.js';
import type { EntryResult, Queue, Release } from '#lib/queue/queue.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import type { MemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import { asking, type Break, type Breaks, OK, receiving, sending, succeed } from './broken.js';

const LOST: EntryResult = {
  ok: false,
  error: new QueueError('it is gone.', { code: 'Gone', kind: 'lease-lost', queue: 'memory' }),
};

/** A queue whose release only handles the entries of one cause. */
const releasing =
  (cause: Release['cause']) =>
  (queue: Queue): Partial<Queue> => ({
    release: async (releases) => {
      const some = releases.filter((release) => release.cause === cause);
      return some.length === 0 ? releases.map(() => OK) : queue.release(some);
    },
  });

/** A queue that refuses to end a message twice. */
const once = (verb: 'acknowledge' | 'discard') => (queue: Queue) => {
  const gone = new Set<string>();
  return {
    [verb]: async (entries: readonly (ReceivedMessage | { readonly message: ReceivedMessage })[]) => {
      await queue[verb](entries as never);
      return entries.map((entry) => {
        const { id } = 'message' in entry ? entry.message : entry;
        if (gone.has(id)) return LOST;
        gone.add(id);
        return OK;
      });
    },
  };
};

/** A queue that takes an older receipt of a message for its newest. */
function forgiving(queue: Queue): Partial<Queue> {
  const newest = new Map<string, ReceivedMessage>();
  const renewed = <Entry extends { readonly message: ReceivedMessage }>(entries: readonly Entry[]): Entry[] =>
    entries.map((entry) => ({ ...entry, message: newest.get(entry.message.id)! }));
  return {
    receive: async (options) => {
      const messages = await queue.receive(options);
      for (const message of messages) newest.set(message.id, message);
      return messages;
    },
    release: (releases) => queue.release(renewed(releases)),
  };
}

/** A queue that shortens seconds beyond its limit. */
const clamping = (verb: 'release' | 'extend') => (queue: Queue) => ({
  [verb]: (entries: readonly { readonly seconds: number }[]) =>
    queue[verb](entries.map((entry) => ({ ...entry, seconds: Math.min(entry.seconds, 60) })) as never),
});

const answers = (verb: 'acknowledge' | 'discard' | 'release' | 'extend'): Break => [
  new RegExp(`${verb} to answer each of its entries`),
  (queue) => ({ [verb]: async (entries: never) => (await queue[verb](entries)).slice(1) }),
];

const refuses = (verb: 'acknowledge' | 'discard' | 'release' | 'extend', count: 0 | 11): Break => [
  new RegExp(`${verb} to refuse ${count} entries as a whole, as "invalid". The call resolved`),
  (queue) => ({
    [verb]: (entries: readonly never[]) => (entries.length === count ? succeed(entries) : queue[verb](entries)),
  }),
];

/** A FIFO queue whose messages are groups of their own. */
const withoutGroups = sending((message) => ({ ...message, groupId: randomUUID() }));

/** Breaks a queue for each check on settling, leases, order, redrive and closing. */
export const BROKEN_SETTLEMENTS: Breaks = {
  'an acknowledged message does not come back': [
    /acknowledge to end its own message and no other message/,
    () => ({ acknowledge: succeed }),
  ],
  'a discarded message does not come back': [
    /discard to end its own message and no other message/,
    () => ({ discard: succeed }),
  ],
  'acknowledge answers each of its entries': answers('acknowledge'),
  'discard answers each of its entries': answers('discard'),
  'release answers each of its entries': answers('release'),
  'extend answers each of its entries': answers('extend'),
  'acknowledge refuses a batch without entries or with too many entries': refuses('acknowledge', 0),
  'discard refuses a batch without entries or with too many entries': refuses('discard', 11),
  'release refuses a batch without entries or with too many entries': refuses('release', 0),
  'extend refuses a batch without entries or with too many entries': refuses('extend', 11),
  'send refuses a batch without entries or with too many entries': [
    /send to refuse 0 entries as a whole/,
    (queue) => ({ send: async (messages) => (messages.length === 0 ? [] : queue.send(messages)) }),
  ],
  'a message released after a failure comes back': [/the released message to come back/, releasing('not-started')],
  'a message released before it was handled comes back': [/the released message to come back/, releasing('failed')],
  'a released message comes back with a higher receive count': [
    /to have the receive count 2/,
    receiving((message) => ({ ...message, receiveCount: 1 })),
  ],
  'a released message stays hidden until its seconds are over': [
    /a message released with 2 seconds to stay hidden/,
    (queue) => ({ release: (releases) => queue.release(releases.map((release) => ({ ...release, seconds: 0 }))) }),
  ],
  'a message stays hidden until its lease ends, then comes back with a higher count': [
    /a message with a lease to be hidden/,
    asking({ visibilityTimeoutSeconds: 0 }),
  ],
  'a message with an extended lease comes back later': [
    /a lease extended to 2 s to hide the message/,
    () => ({ extend: succeed }),
  ],
  'acknowledging a message twice succeeds': [/acknowledge to answer each of its entries/, once('acknowledge')],
  'discarding a message twice succeeds': [/discard to answer each of its entries/, once('discard')],
  'the receipt of an earlier delivery cannot change a later delivery': [
    /release to answer "lease-lost" for a receipt of an earlier delivery/,
    forgiving,
  ],
  'release answers each entry by itself': [/release to answer entry 1 as "invalid"/, clamping('release')],
  'extend answers each entry by itself': [/extend to answer entry 1 as "invalid"/, clamping('extend')],
  'a received message that is sent again arrives in the same form': [
    /to arrive in the form of its original/,
    sending(({ attributes = {}, original, ...message }) => (original ? message : { ...message, attributes })),
  ],
  'a received message that is sent again keeps its group id': [
    /to arrive in the form of its original/,
    sending(({ groupId, original, ...message }) => (original || !groupId ? message : { ...message, groupId })),
  ],
  'a received message of a FIFO queue that is sent again keeps its group id': [
    /to arrive in the form of its original/,
    sending((message) => (message.original ? { ...message, groupId: 'b' } : message)),
  ],
  'each message group arrives in the order of sending': [
    /in the order of sending/,
    (queue) => ({ receive: async (options) => [...(await queue.receive(options))].reverse() }),
  ],
  'a message in flight locks its message group and no other group': [/only the other group to be free/, withoutGroups],
  'the next message of a group arrives after the previous message is acknowledged': [
    /the next message of the group to arrive/,
    () => ({ acknowledge: succeed }),
  ],
  'a released message comes before the later messages of its group': [
    /the released message to come before the next message of its group/,
    (queue) => ({
      release: async ([release]) => {
        const { body, groupId } = release!.message;
        await queue.send([{ body, groupId: groupId!, deduplicationId: randomUUID() }]);
        return queue.acknowledge([release!.message]);
      },
    }),
  ],
  'one receive brings several messages of a group': [/a receive to return all messages in order/, asking({ max: 1 })],
  'a receive returns a message group up to its first hidden message': [
    /the hidden second message to hold the third message back/,
    withoutGroups,
  ],
  'the queue stores a repeated deduplication id once and answers with the same message id': [
    /a repeated deduplication id to be answered with the id of the stored message/,
    sending((message) => ({ ...message, deduplicationId: randomUUID() })),
  ],
  'a message without a group or with a delay fails without failing its batch': [
    /send to refuse a message without a group and a message with a delay/,
    sending(({ delaySeconds: _, ...message }) => message),
  ],
  'a message received too often moves to the dead-letter queue with its body and attributes': [
    /the message to keep its attributes/,
    sending(({ attributes: _, ...message }) => message),
  ],
  'a receive returns another message in place of a moved message': [
    /the next message in place of the moved message/,
    (queue) => ({
      receive: async (options) => {
        const before = (queue as MemoryQueue).messages().length;
        const received = await queue.receive(options);
        return (queue as MemoryQueue).messages().length < before ? [] : received;
      },
    }),
  ],
  'a queue without a redrive policy reports no redrive': [
    /a queue without a redrive policy to report none/,
    () => ({ redrive: 'unknown' }),
  ],
  'every verb rejects after a close and a second close succeeds': [
    /send to reject with the code QueueClosed after a close\. The call resolved/,
    () => ({ close: async () => undefined }),
  ],
  'a close ends an open long poll': [
    /a close to end an open receive with the code QueueClosed\. The call did not end/,
    () => ({ close: async () => undefined }),
  ],
};
