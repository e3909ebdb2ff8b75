import { toUSVString } from 'node:util';
import type { WireBody } from '../queue/wire-message.js';
import { writeBase64, writeBytes } from '../thrift/messages.js';
import type { ProtocolName, ThriftWriter } from '../thrift/protocol.js';
import { MalformedEventError } from './event-error.js';

/**
 * Of all that is not in the alphabet, what Node's decoder takes for a part of it, apart from that of URLs: characters whose lower
 * eight bits are. The engine knows of most text, without a look at it, that it has none beyond Latin-1.
 */
const BEYOND_LATIN1 = /[\u0100-\uffff]/;

/** By the length of the padding, the characters that may stand before it: their bits beyond the last byte are zero. */
const BEFORE_PADDING = ['', 'AEIMQUYcgkosw048', 'AQgw'] as const;

/** A list of JSON, behind the blanks that JSON allows; neither is in the alphabet of base64. */
const JSON_LIST = /^[ \t\n\r]*\[/;

/**
 * What `write` writes, as a body. As text it is standard base64, padded, without line breaks, as every SQS producer since boto writes it;
 * what is text itself, the JSON protocol, stands as it is.
 */
export function writeBody(
  protocol: ProtocolName,
  kind: 'text' | 'bytes',
  write: (writer: ThriftWriter) => void,
): WireBody {
  if (kind === 'bytes') return writeBytes(protocol, write);
  return protocol === 'json' ? writeBytes(protocol, write).toString() : writeBase64(protocol, write);
}

/** {@link writeBody} for calls that are encoded already. */
export function toBody(protocol: ProtocolName, kind: 'text' | 'bytes', calls: Buffer): WireBody {
  if (kind === 'bytes') return calls;
  return calls.toString(protocol === 'json' ? 'utf8' : 'base64');
}

/** Calls that were in a body, in the form in which that came: what came as base64 stays base64, whatever its protocol. */
export function inFormOf(body: WireBody, calls: Buffer): WireBody {
  if (typeof body !== 'string') return calls;
  return calls.toString(JSON_LIST.test(body) ? 'utf8' : 'base64');
}

/** Bytes of the body that {@link toBody} makes of so many bytes of calls. */
export function bodyBytes(protocol: ProtocolName, kind: 'text' | 'bytes', callBytes: number): number {
  return kind === 'bytes' || protocol === 'json' ? callBytes : Math.ceil(callBytes / 3) * 4;
}

/**
 * The Thrift bytes of a body: the UTF-8 of text that begins as the JSON protocol does. Other text must be exactly standard base64, for
 * Node's decoder would turn any text into some bytes, and bytes nobody wrote must not reach a handler.
 *
 * @throws MalformedEventError `empty`, `not-base64`, `invalid-utf8` for a lone surrogate in JSON text
 */
export function fromWireBody(body: WireBody): Buffer {
  if (body.length === 0) throw new MalformedEventError('empty', 'the body is empty');
  if (typeof body !== 'string') return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (JSON_LIST.test(body)) return fromText(body);
  return fromBase64(body);
}

function fromText(body: string): Buffer {
  if (toUSVString(body) !== body) {
    throw new MalformedEventError('invalid-utf8', 'the body holds a lone surrogate, which UTF-8 does not have');
  }
  return Buffer.from(body, 'utf8');
}

/** Reading what the decoder made of the text takes a fraction of the time that looking at every character does. */
function fromBase64(body: string): Buffer {
  const { length } = body;
  const padding = body[length - 1] !== '=' ? 0 : body[length - 2] !== '=' ? 1 : 2;
  if (length % 4 !== 0 || body.includes('-') || body.includes('_') || BEYOND_LATIN1.test(body)) throw notBase64(length);
  const bytes = Buffer.allocUnsafe((length / 4) * 3 - padding);
  // The decoder passes over all other characters, and each of them leaves it with fewer bytes.
  if (bytes.write(body, 'base64') !== bytes.length) throw notBase64(length);
  if (padding > 0 && !BEFORE_PADDING[padding].includes(body.charAt(length - padding - 1))) {
    throw new MalformedEventError('not-base64', 'the last base64 character has bits beyond the last byte');
  }
  return bytes;
}

function notBase64(length: number): MalformedEventError {
  return new MalformedEventError('not-base64', `the body of ${length} characters is not padded standard base64`);
}
