import { EVENT_ID_ATTRIBUTE, isEventId } from '../../event/event-id.js';
import type { ReceivedMessage, WireMessage } from '../../queue/wire-message.js';

/**
 * Carries the event id, as a string of RFC 8941 (IETF draft "The Idempotency-Key HTTP Header Field",
 * draft-ietf-httpapi-idempotency-key-header).
 */
const EVENT_ID_HEADER = 'idempotency-key';
/** Carries the other attributes as `name=value&name=value`, with percent-encoded values. */
const ATTRIBUTES_HEADER = 'x-thrift-attributes';
/** Carries the message group id. */
const GROUP_HEADER = 'x-thrift-group';
/** Carries the id of the message, in an answer. */
export const MESSAGE_ID_HEADER = 'x-thrift-message-id';
/**
 * Says `failed` in an answer 503 about this message alone. Without the header the whole server takes
 * no messages for the time being.
 */
export const OUTCOME_HEADER = 'x-thrift-outcome';

/** Attributes that travel under their own names, as tracers of HTTP write and read them (W3C Trace Context, W3C Baggage). */
const TRACING: readonly string[] = ['traceparent', 'tracestate', 'baggage'];

/** Largest number of attributes of a message. */
export const MAX_ATTRIBUTES = 10;
/** Largest size of the headers of a message. Servers take 8 KiB of headers and more, Node 16 KiB. */
const MAX_HEADER_BYTES = 6_144;

/** Matches the name of an attribute, as all carriers take it. */
const NAME = /^[A-Za-z0-9_.-]{1,256}$/;
/** Matches a message group id: 1 to 128 ASCII letters, digits and punctuation characters. */
const GROUP = /^[\x21-\x7e]{1,128}$/;
/** Matches a text that a header carries as it is. */
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Headers by name, in lower case. */
export type HeaderValues = Readonly<Record<string, string>>;

/**
 * Turns attributes and group id into headers. A deduplication id becomes the event id, unless the
 * message has one: either names what must not be handled twice.
 *
 * @throws RangeError states what no header can carry
 */
export function headersOf({ attributes = {}, groupId, deduplicationId }: WireMessage): HeaderValues {
  const headers: Record<string, string> = {};
  if (deduplicationId !== undefined) headers[EVENT_ID_HEADER] = quoted(deduplicationId);
  addAttributes(Object.entries(attributes), headers);
  if (groupId !== undefined) headers[GROUP_HEADER] = checkGroup(groupId);
  // A long context of tracing prevents no call. The baggage is the part that grows.
  for (const name of TRACING.toReversed()) if (bytesOf(headers) > MAX_HEADER_BYTES) delete headers[name];
  const bytes = bytesOf(headers);
  if (bytes <= MAX_HEADER_BYTES) return headers;
  throw new RangeError(`attributes that take ${bytes} bytes of headers; the limit is ${MAX_HEADER_BYTES}`);
}

function bytesOf(headers: HeaderValues): number {
  return Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
}

function addAttributes(attributes: readonly (readonly [string, string])[], headers: Record<string, string>): void {
  if (attributes.length > MAX_ATTRIBUTES) throw new RangeError(`more than ${MAX_ATTRIBUTES} attributes`);
  const others: string[] = [];
  for (const [name, value] of attributes) {
    if (!NAME.test(name) || value === '') throw new RangeError('an attribute without an acceptable name or value');
    if (name === EVENT_ID_ATTRIBUTE && isEventId(value)) headers[EVENT_ID_HEADER] = quoted(value);
    else if (TRACING.includes(name) && PLAIN.test(value)) headers[name] = value;
    else others.push(`${name}=${percentEncoded(value)}`);
  }
  if (others.length > 0) headers[ATTRIBUTES_HEADER] = others.join('&');
}

/**
 * Reads attributes and group id from the headers of a request. The attributes have no prototype,
 * since senders choose the names.
 *
 * @throws RangeError names the header that is not acceptable
 */
export function messageFrom(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Pick<ReceivedMessage, 'attributes' | 'groupId'> {
  const attributes = Object.create(null) as Record<string, string>;
  const text = (name: string): string | undefined => {
    const value = headers[name];
    return value === undefined || typeof value === 'string' ? value : value.join(',');
  };
  for (const name of TRACING) {
    const value = text(name);
    if (value !== undefined && PLAIN.test(value)) attributes[name] = value;
  }
  readAttributes(text(ATTRIBUTES_HEADER), attributes);
  const key = text(EVENT_ID_HEADER);
  if (key !== undefined) attributes[EVENT_ID_ATTRIBUTE] = eventIdIn(key);
  const groupId = text(GROUP_HEADER);
  return { attributes, ...(groupId !== undefined && { groupId: checkGroup(groupId) }) };
}

function readAttributes(header: string | undefined, attributes: Record<string, string>): void {
  if (header === undefined) return;
  const pairs = header.split(/[&,]\s*/);
  if (pairs.length > MAX_ATTRIBUTES)
    throw new RangeError(`${ATTRIBUTES_HEADER} has more than ${MAX_ATTRIBUTES} attributes`);
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    const value = at < 0 ? '' : percentDecoded(pair.slice(at + 1));
    if (!NAME.test(name) || value === '') {
      throw new RangeError(`${ATTRIBUTES_HEADER} is not name=value&name=value with percent-encoded values`);
    }
    attributes[name] = value;
  }
}

/** Reads the event id: a string of RFC 8941, or the bare id, as many clients write it. */
function eventIdIn(header: string): string {
  const inner = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header)?.[1];
  const id = inner === undefined ? header : inner.replace(/\\(["\\])/g, '$1');
  if (isEventId(id) && (inner !== undefined || !id.startsWith('"'))) return id;
  throw new RangeError(`${EVENT_ID_HEADER} is not 1 to 256 letters, digits and punctuation characters of ASCII`);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function checkGroup(groupId: string): string {
  if (GROUP.test(groupId)) return groupId;
  throw new RangeError(
    `the group id (${GROUP_HEADER}) is not 1 to 128 letters, digits and punctuation characters of ASCII`,
  );
}

function percentEncoded(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    throw new RangeError('an attribute with a lone surrogate, which UTF-8 does not have');
  }
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
