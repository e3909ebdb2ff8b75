/**
 * Names the text attribute with the producer's event id. Receivers recognize duplicates of an event
 * by this id.
 *
 * @publicApi
 */
export const EVENT_ID_ATTRIBUTE = 'thrift-event-id';

/**
 * Matches an event id: 1 to 256 ASCII letters, digits and punctuation characters. An id comes from
 * the wire and becomes a key, so it must be short and printable.
 */
const ID = /^[\x21-\x7e]{1,256}$/;

/**
 * Matches an event id as a message carries it. A call that is resent alone appends its position in
 * the body, beyond the limit.
 */
const CARRIED_ID = /^[\x21-\x7e]{1,256}(#\d{1,9})?$/;

/** True if `id` can be the id of an event. */
export function isEventId(id: unknown): id is string {
  return typeof id === 'string' && ID.test(id);
}

interface Identified {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Returns the event id of a call: the producer's id, or else the queue's message id. In a body with
 * several calls the position of the call follows. The id is the same at every delivery, also after
 * the call was resent alone.
 */
export function eventId({ id, attributes }: Identified, at: number, of: number): string {
  const said = Object.hasOwn(attributes, EVENT_ID_ATTRIBUTE) ? attributes[EVENT_ID_ATTRIBUTE] : undefined;
  const event = said !== undefined && CARRIED_ID.test(said) ? said : id;
  return of === 1 ? event : `${event}#${at}`;
}
