/** The text attribute in which a producer says which event a message is, so that a second one of the same event can be told. */
export const EVENT_ID_ATTRIBUTE = 'thrift-event-id';

/** An id comes from the wire and becomes a key: 1 to 256 letters, digits and punctuation characters of ASCII. */
const ID = /^[\x21-\x7e]{1,256}$/;

/** The id of an event as a message has it: a call that is sent again by itself has the position in its body behind the id, beyond the limit. */
const CARRIED_ID = /^[\x21-\x7e]{1,256}(#\d{1,9})?$/;

/** Whether it can be the id of an event. */
export function isEventId(id: unknown): id is string {
  return typeof id === 'string' && ID.test(id);
}

/** What of a message says which event it is. */
interface Identified {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Which event a call is: what the producer says, or else the id that the queue gave the message; with its position where a body has
 * several calls. The same at every delivery, also when the call was sent again by itself.
 */
export function eventId({ id, attributes }: Identified, at: number, of: number): string {
  const said = Object.hasOwn(attributes, EVENT_ID_ATTRIBUTE) ? attributes[EVENT_ID_ATTRIBUTE] : undefined;
  const event = said !== undefined && CARRIED_ID.test(said) ? said : id;
  return of === 1 ? event : `${event}#${at}`;
}
