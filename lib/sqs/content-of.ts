import type { Content, ReceivedMessage } from '../queue/wire-message.js';

/** What a message carries, without its delivery: for the copy of one out of which something else is taken. */
export function contentOf({ body, attributes, otherAttributes, otherBytes }: ReceivedMessage): Content {
  return {
    body,
    attributes,
    ...(otherAttributes !== undefined && { otherAttributes }),
    ...(otherBytes !== undefined && { otherBytes }),
  };
}
