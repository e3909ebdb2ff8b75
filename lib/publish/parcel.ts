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
  /** The message, the same one at every try. Nothing is packed into it from now on. */
  seal(): WireMessage;
}

/** A letter that is a message by itself. */
export function whole(letter: Letter, message: WireMessage, bytes: number): Parcel {
  return { groupId: message.groupId, bytes, letters: [letter], seal: () => message };
}
