import { toUSVString } from 'node:util';
import type { WireBody } from '../queue/wire-message.js';
import { writeBase64, writeBytes } from '../thrift/messages.js';
import type { ProtocolName, ThriftWriter } from '../thrift/protocol.js';
import { MalformedEventError } from './event-error.js';
import { diagnoseBase64 } from './forgiving-base64.js';

/**
 * Finds characters beyond Latin-1. Node's base64 decoder accepts a character whose lower eight bits
 * are in the alphabet. The decoder also accepts the URL alphabet, which {@link fromBase64}
 * excludes. For most text the engine knows without a scan that no character is beyond Latin-1.
 */
const BEYOND_LATIN1 = /[\u0100-\uffff]/;

/**
 * Lists, by padding length, the characters allowed before the padding. Their bits beyond the last
 * byte are zero.
 */
const BEFORE_PADDING = ['', 'AEIMQUYcgkosw048', 'AQgw'] as const;

/**
 * Matches the start of a JSON list after the white space that JSON allows. The base64 alphabet has
 * neither white space nor `[`.
 */
const JSON_LIST = /^[ \t\n\r]*\[/;

/**
 * Writes a body with the output of `write`. A text body is padded standard base64 without line
 * breaks, as every SQS producer since boto writes it. The JSON protocol is text already and stays
 * as it is.
 */
export function writeBody(
  protocol: ProtocolName,
  kind: 'text' | 'bytes',
  write: (writer: ThriftWriter) => void,
): WireBody {
  if (kind === 'bytes') return writeBytes(protocol, write);
  return protocol === 'json' ? writeBytes(protocol, write).toString() : writeBase64(protocol, write);
}

/** Converts encoded calls into a body, as {@link writeBody} does. */
export function toBody(protocol: ProtocolName, kind: 'text' | 'bytes', calls: Buffer): WireBody {
  if (kind === 'bytes') return calls;
  return calls.toString(protocol === 'json' ? 'utf8' : 'base64');
}

/**
 * Returns a function that converts calls from a body back into the form of that body. A base64 body
 * stays base64, whatever its protocol.
 */
export function formOf(body: WireBody): (calls: Buffer) => WireBody {
  if (typeof body !== 'string') return (calls) => calls;
  const encoding = JSON_LIST.test(body) ? 'utf8' : 'base64';
  return (calls) => calls.toString(encoding);
}

/** Counts the bytes of the body that {@link toBody} makes from `callBytes` bytes of calls. */
export function bodyBytes(protocol: ProtocolName, kind: 'text' | 'bytes', callBytes: number): number {
  return kind === 'bytes' || protocol === 'json' ? callBytes : Math.ceil(callBytes / 3) * 4;
}

/**
 * Decodes a body into its Thrift bytes. Text that begins as the JSON protocol does becomes UTF-8.
 * Other text must be base64: padded and standard, or as {@link diagnoseBase64} repairs it. Node's
 * decoder turns any text into some bytes, and bytes that no producer wrote must not reach a handler.
 *
 * @throws MalformedEventError `empty`, `not-base64`, `invalid-utf8` for a lone surrogate in JSON
 * text
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

/**
 * Decodes strict base64. Checking the decoder's output takes a fraction of the time that checking
 * every character takes.
 */
function fromBase64(body: string): Buffer {
  const { length } = body;
  const padding = body[length - 1] !== '=' ? 0 : body[length - 2] !== '=' ? 1 : 2;
  if (length % 4 !== 0 || body.includes('-') || body.includes('_') || BEYOND_LATIN1.test(body)) return repaired(body);
  const bytes = Buffer.allocUnsafe((length / 4) * 3 - padding);
  // The decoder skips all other characters, and each skipped character leaves fewer bytes.
  if (bytes.write(body, 'base64') !== bytes.length) return repaired(body);
  if (padding > 0 && !BEFORE_PADDING[padding].includes(body.charAt(length - padding - 1))) return repaired(body);
  return bytes;
}

/** Decodes text whose meaning is clear, although it is not strict base64: other encoders write it. */
function repaired(body: string): Buffer {
  const text = body.trimStart();
  if (text.length < body.length && JSON_LIST.test(text)) return fromText(text);
  const finding = diagnoseBase64(body);
  if ('repaired' in finding) return Buffer.from(finding.repaired, 'base64');
  throw new MalformedEventError('not-base64', `the body of ${body.length} characters is no base64: ${finding.fault}`);
}
