import { randomUUID } from 'node:crypto';
import { Inbox } from '#lib/carriers/inbox/inbox.js';
import { INBOX_FEATURES } from '#lib/carriers/inbox/inbox-options.js';
import { QueueError } from '#lib/queue/queue-error.js';
import type { MessageSender, SendResult } from '#lib/queue/queue.js';
import type { WireMessage } from '#lib/queue/wire-message.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';
import { runContract } from './run-contract.js';

/** A sender that pushes into an inbox, without a network in between. */
function senderOf(inbox: Inbox): MessageSender {
  const { name, features, limits } = inbox;
  let closed = false;
  return {
    name,
    features,
    limits,
    close: async () => void (closed = true),
    send: async (messages) => {
      if (closed) throw error('closed', 'QueueClosed');
      const isBatch = messages.length > 0 && messages.length <= limits.batchEntries;
      if (!isBatch) throw error('invalid', 'WrongNumberOfEntries');
      return messages.map((message) => push(inbox, message));
    },
  };
}

function push(inbox: Inbox, { body, attributes = {}, delaySeconds = 0 }: WireMessage): SendResult {
  const isPlain = Object.keys(attributes).length === 0 && delaySeconds === 0;
  if (typeof body === 'string' || body.length === 0 || !isPlain) {
    return { ok: false, error: error('invalid', 'Unsupported') };
  }
  inbox.push({ body: Uint8Array.from(body) });
  return { ok: true, id: randomUUID() };
}

function error(kind: 'closed' | 'invalid', code: string): QueueError {
  return new QueueError('the message was not pushed.', { code, kind, queue: 'inbox' });
}

runContract('an inbox', { features: INBOX_FEATURES, stores: false }, () => {
  const clock = new VirtualClock();
  const owner = { stop: async () => undefined, close: async () => undefined };
  return {
    open: async () => {
      const receiver = new Inbox({ name: 'inbox', clock, messageBytes: 1_048_576 }, owner);
      return { sender: senderOf(receiver), receiver };
    },
    advance: (ms) => clock.advance(ms),
  };
});
