import type { ReceivedMessage } from '../../queue/wire-message.js';

/** What hides or removes a message, for those that are held in numbers: their contents may be larger than memory. */
export function withoutContent({ copy: _copy, ...message }: ReceivedMessage): ReceivedMessage {
  return { ...message, body: '', attributes: {}, raw: undefined };
}
