import type { MessageReceiver } from '#lib/queue/queue.js';
import { succeed } from './broken.js';

/** Pairs a broken receiver with the expectation that its check has to state. */
type ReceiverBreak = readonly [expectation: RegExp, broken: (receiver: MessageReceiver) => Partial<MessageReceiver>];

/** A receiver that hands out other bytes than were sent. */
const garbling = (change: (bytes: Uint8Array) => Uint8Array) => (receiver: MessageReceiver) => ({
  receive: async (options: Parameters<MessageReceiver['receive']>[0]) =>
    (await receiver.receive(options)).map((message) => ({ ...message, body: change(message.body as Uint8Array) })),
});

const forgetting: ReceiverBreak = [
  /the released message to come back, or its send to fail/,
  () => ({ release: succeed }),
];

/** Breaks a receiver for each check that only bytes or carriers without storage have. */
export const BROKEN_HAND_OVERS: Readonly<Record<string, ReceiverBreak>> = {
  'a body with every byte value arrives as it was sent': [
    /each body to arrive as it was sent/,
    garbling((bytes) => new TextEncoder().encode(new TextDecoder().decode(bytes))),
  ],
  'a long body of bytes arrives as it was sent': [
    /each body to arrive as it was sent/,
    garbling((bytes) => bytes.slice(0, 65_536)),
  ],
  'a message released after a failure comes back or fails its send': forgetting,
  'a message released before it was handled comes back or fails its send': forgetting,
};
