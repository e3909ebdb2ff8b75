import { createReader, sniffProtocol } from '../../thrift/messages.js';
import { TMessageType, TType } from '../../thrift/protocol.js';
import { printable } from '../../common/printable.js';

/** Largest size of an answer that is searched for an exception. */
export const MAX_ANSWER_BYTES = 65_536;

/**
 * Returns the text of the exception in an answer, or undefined if the answer holds none. A server of
 * Apache Thrift may answer 200 with a `TApplicationException` even to a oneway call, when it does not
 * know the method.
 */
export function exceptionIn(answer: Uint8Array): string | undefined {
  const protocol = sniffProtocol(answer);
  if (protocol === undefined) return undefined;
  try {
    const reader = createReader(protocol, answer, { lenient: true });
    if (reader.readMessageBegin().type !== TMessageType.EXCEPTION) return undefined;
    reader.readStructBegin();
    for (;;) {
      const { fid, ftype } = reader.readFieldBegin();
      if (ftype === TType.STOP) return 'an exception without a text';
      if (fid === 1 && ftype === TType.STRING) return printable(reader.readString(), 256);
      reader.skip(ftype);
      reader.readFieldEnd();
    }
  } catch {
    return undefined;
  }
}
