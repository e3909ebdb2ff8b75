import type { HttpRefusal } from '../../carriers/http/refusal.js';
import type { EventCodec } from '../../event/event-codec.js';
import { MalformedEventError } from '../../event/event-error.js';
import { answerToCall } from '../../event/refused-call.js';

/** Length of a frame of `TFramedTransport`, before a message of the binary or compact protocol. */
const FRAME_HEADER_BYTES = 4;

/**
 * Returns a function that finds out if the calls of a body can be handled, and how to refuse a body
 * that cannot. A CALL of a method that is not oneway gets an exception, since its sender waits for a
 * reply. Any other body gets 400.
 */
export function bodyChecker(codec: EventCodec): (body: Uint8Array) => HttpRefusal | undefined {
  return (body) => {
    try {
      codec.decode(body);
      return undefined;
    } catch (error) {
      if (!(error instanceof MalformedEventError)) throw error;
      const text = `${error.reason}: ${error.detail}${frameAdvice(body)}`;
      const exception = answerToCall(codec.contract, body);
      return exception ? { status: 200, text, body: exception } : { status: 400, text };
    }
  };
}

/** Returns advice if a client sends frames. Over HTTP a body is the message itself. */
function frameAdvice(body: Uint8Array): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const isFrame = bytes.length > FRAME_HEADER_BYTES && bytes.readUInt32BE(0) === bytes.length - FRAME_HEADER_BYTES;
  return isFrame ? '; it is a frame: use no TFramedTransport over HTTP' : '';
}
