import type { WireMessage } from '../queue/wire-message.js';

/** One message on its way to the queue: of one call, or of all calls that were packed into it before it left. */
export interface Parcel {
  readonly groupId: string | undefined;
  /** What it counts for in a request, at this moment. */
  readonly bytes: number;
  /** The message, the same one at every try. Nothing is packed into it from now on. */
  seal(): WireMessage;
}

/** A message that is complete. */
export function whole(message: WireMessage, bytes: number): Parcel {
  return { groupId: message.groupId, bytes, seal: () => message };
}
