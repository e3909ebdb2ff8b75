import { aborted, asking, type Breaks, receiving, sending } from './broken.js';

/** Breaks a queue for each check on features, sending and receiving. */
export const BROKEN_TRANSFERS: Breaks = {
  'both ends report the features that the carrier promises': [
    /the receiver to report the promised features/,
    ({ features }) => ({ features: { ...features, leases: false } }),
  ],
  'both ends of a FIFO queue report the features that the carrier promises': [
    /the sender to report the promised features/,
    ({ features }) => ({ features: { ...features, delay: true } }),
  ],
  'every sent message gets an id of its own': [
    /ten different ids/,
    (queue) => ({ send: async (messages) => (await queue.send(messages)).map(() => ({ ok: true, id: 'same' })) }),
  ],
  'send answers each of its entries': [
    /send to answer each of its entries/,
    (queue) => ({ send: async (messages) => (await queue.send(messages)).slice(1) }),
  ],
  'an empty body is refused without failing its batch': [
    /both other messages to arrive/,
    sending((message) => (message.body === '' ? { ...message, body: ' ' } : message)),
  ],
  'a message arrives with the id that its send returned': [
    /in the order of its entries/,
    (queue) => ({ send: async (messages) => [...(await queue.send(messages))].reverse() }),
  ],
  'a text body arrives as it was sent': [
    /each body to arrive as it was sent/,
    receiving((message) => ({ ...message, body: String(message.body).trimEnd() })),
  ],
  'a body beyond the basic plane arrives as it was sent': [
    /each body to arrive as it was sent/,
    receiving((message) => ({ ...message, body: String(message.body).replace(/\p{Surrogate}|[^\0-\uFFFF]/gu, '?') })),
  ],
  'a receive returns at most the requested number of messages': [
    /a receive with max 3 to return at most 3 messages, not 5/,
    asking({ max: 10 }),
  ],
  'an empty queue returns no messages': [
    /an empty queue to return an empty list/,
    () => ({ receive: async () => [undefined as never] }),
  ],
  'a first delivery carries its receive count, its times and a receipt': [
    /the first delivery of a message to have the receive count 1/,
    receiving((message) => ({ ...message, receiveCount: message.receiveCount - 1 })),
  ],
  'a message without attributes arrives with an empty attributes object without a prototype': [
    /an object without a prototype/,
    receiving((message) => ({ ...message, attributes: {} })),
  ],
  'concurrent receivers never get the same message': [
    /to get each message once/,
    (queue) => ({
      receive: async (options) => {
        const [first, second, ...rest] = await queue.receive(options);
        return second === undefined ? [first].filter((each) => each !== undefined) : [first!, first!, ...rest];
      },
    }),
  ],
  'a receive whose signal is already aborted rejects': [
    /a receive with an aborted signal to reject/,
    (queue) => ({ receive: ({ signal: _, ...options }) => queue.receive(options) }),
  ],
  'a new message ends a long poll': [
    /a message that arrives to end an open receive/,
    (queue) => ({
      receive: async (options) => {
        const messages = await queue.receive({ ...options, waitSeconds: 0 });
        return options.waitSeconds === 0 || messages.length > 0 ? messages : new Promise(() => undefined);
      },
    }),
  ],
  'a long poll ends without messages when its wait time is over': [
    /a receive with waitSeconds 1 to end after a second/,
    asking({ waitSeconds: 20 }),
  ],
  'an aborted long poll rejects at once and the queue stays usable': [
    /an aborted receive to reject with the code RequestAborted\. The call did not end/,
    (queue) => ({ receive: ({ signal: _, ...options }) => queue.receive(options) }),
  ],
  'an aborted receive hides none of the messages that are sent later': [
    /the receiver to hand out all 3 messages\. Received so far: 0/,
    (queue) => ({
      receive: ({ signal, ...options }) =>
        new Promise((resolve, reject) => {
          signal?.addEventListener('abort', () => reject(aborted));
          queue.receive(options).then(resolve, reject);
        }),
    }),
  ],
  'an abort while a message arrives neither loses nor hides the message': [
    /the receiver to hand out the message\. Received so far: 0/,
    (queue) => ({
      receive: async (options) => {
        const messages = await queue.receive(options);
        await new Promise((resolve) => void setImmediate(resolve));
        if (options.signal?.aborted) throw aborted;
        return messages;
      },
    }),
  ],
  'attributes arrive as they were sent': [
    /attributes to arrive exactly as they were sent/,
    sending(({ attributes: _, ...message }) => message),
  ],
  'the group id of a message arrives on a standard queue': [
    /the group id to arrive as it was sent/,
    sending(({ groupId: _, ...message }) => message),
  ],
  'the queue refuses more attributes than the limit': [
    /send to refuse 11 attributes as "invalid"/,
    sending(({ attributes: _, ...message }) => message),
  ],
  'a delayed message arrives when its delay is over': [
    /the message without a delay to arrive first/,
    sending(({ delaySeconds: _, ...message }) => message),
  ],
};
