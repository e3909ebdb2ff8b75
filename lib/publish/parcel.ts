import type { WireBody, WireMessage } from '../queue/wire-message.js';
import type { SendOptions } from './send-options.js';

/** What is given to an outbox. */
export interface Letter {
  /** For errors and events. */
  readonly method: string;
  readonly beside: SendOptions;
  /** A whole body; or the bytes of one call, which may share a body with others. */
  readonly content: WireBody | { readonly call: Buffer };
}

/** One message on its way to the queue: of one letter, or of all that were packed into it before it left. */
export interface Parcel {
  readonly groupId: string | undefined;
  /** What it counts for in a request, at this moment. */
  readonly bytes: number;
  readonly letters: readonly Letter[];
  /** When the last of several letters was packed into it. */
  readonly grownAt: number | undefined;
  /** The message, the same one at every try. Nothing is packed into it from now on. */
  seal(): WireMessage;
  /** Nothing is packed into it from now on: it has come to its end, be it without having been sealed. */
  close(): void;
}

/** A letter that is a message by itself. */
export function whole(letter: Letter, message: WireMessage, bytes: number): Parcel {
  return {
    groupId: message.groupId,
    bytes,
    letters: [letter],
    grownAt: undefined,
    seal: () => message,
    close: () => undefined,
  };
}
