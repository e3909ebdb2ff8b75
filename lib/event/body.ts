import type { WireBody } from '../queue/wire-message.js';
import { MalformedEventError } from './event-error.js';

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The text form of Thrift bytes: standard base64, padded, without line breaks, as every SQS producer since boto writes it. */
export function toWireBody(bytes: Buffer, kind: 'text' | 'bytes'): WireBody {
  return kind === 'text' ? bytes.toString('base64') : bytes;
}

/**
 * The Thrift bytes of a body. Text must be exactly standard base64: Node's decoder would turn any text into some bytes, and
 * bytes nobody wrote must not reach a handler.
 *
 * @throws MalformedEventError `empty`, `not-base64`
 */
export function fromWireBody(body: WireBody): Buffer {
  if (body.length === 0) throw new MalformedEventError('empty', 'the body is empty');
  if (typeof body !== 'string') return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (body.length % 4 !== 0 || !BASE64.test(body)) {
    throw new MalformedEventError('not-base64', `the body of ${body.length} characters is not padded standard base64`);
  }
  const bytes = Buffer.from(body, 'base64');
  // The last character before the padding has bits that no byte uses; an encoder leaves them zero.
  if (body.endsWith('=') && bytes.subarray(bytes.length - (bytes.length % 3)).toString('base64') !== body.slice(-4)) {
    throw new MalformedEventError('not-base64', 'the last base64 character has bits beyond the last byte');
  }
  return bytes;
}
