import { randomUUID } from 'node:crypto';
import type { WireBody, WireMessage } from '../queue/wire-message.js';
import { EVENT_ID_ATTRIBUTE } from '../event/event-id.js';

/** What travels with a call beside its arguments. What is left out comes from the contract, where that says something. */
export type SendOptions = Pick<WireMessage, 'attributes' | 'groupId' | 'deduplicationId' | 'delaySeconds'>;

/** A call that a send buffer takes. */
export interface PendingCall {
  /** For errors and events. */
  readonly method: string;
  readonly beside: SendOptions;
  /** A whole body; or the bytes of one call, which may share a body with others. */
  readonly content: WireBody | { readonly call: Buffer };
}

/** One message on its way to the queue: of one pending call, or of all that were packed into it before it left. */
export interface OutgoingMessage {
  readonly groupId: string | undefined;
  /** What it counts for in a request, at this moment. */
  readonly bytes: number;
  readonly pendingCalls: readonly PendingCall[];
  /** When the last of several pending calls was packed into it. */
  readonly grownAt: number | undefined;
  /** The message, the same one at every try. Nothing is packed into it from now on. */
  seal(): WireMessage;
  /** Nothing is packed into it from now on: it has come to its end, be it without having been sealed. */
  close(): void;
}

/** A pending call that is a message by itself. */
export function singleCallMessage(pendingCall: PendingCall, message: WireMessage, bytes: number): OutgoingMessage {
  return {
    groupId: message.groupId,
    bytes,
    pendingCalls: [pendingCall],
    grownAt: undefined,
    seal: () => message,
    close: () => undefined,
  };
}

/** Says which event a message is, so that whoever receives it twice can tell. What the caller says comes first, and all its attributes. */
export function identify(beside: SendOptions, maxAttributes: number): SendOptions {
  const { attributes = {} } = beside;
  const taken = EVENT_ID_ATTRIBUTE in attributes || Object.keys(attributes).length >= maxAttributes;
  return taken ? beside : { ...beside, attributes: { ...attributes, [EVENT_ID_ATTRIBUTE]: randomUUID() } };
}
