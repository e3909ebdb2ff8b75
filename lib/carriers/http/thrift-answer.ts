import { createReader, sniffProtocol, writeBytes } from '../../thrift/messages.js';
import { type MessageHeader, TMessageType, TType } from '../../thrift/protocol.js';
import { printable } from '../../common/printable.js';

/** Largest size of an answer that is searched for an exception. */
export const MAX_ANSWER_BYTES = 65_536;

/** Code of an exception that says that a method cannot be called (`TApplicationException`, `INVALID_MESSAGE_TYPE`). */
const INVALID_MESSAGE_TYPE = 2;

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

/**
 * Returns a `TApplicationException` for a body that begins with a CALL, in the protocol, under the
 * name and with the sequence id of the call. The sender of a CALL waits for an answer. Returns
 * undefined for any other body.
 */
export function exceptionFor(body: Uint8Array, text: string): Buffer | undefined {
  const protocol = sniffProtocol(body);
  const header = protocol === undefined ? undefined : headerOf(body);
  if (protocol === undefined || header?.type !== TMessageType.CALL) return undefined;
  return writeBytes(protocol, (writer) => {
    writer.writeMessageBegin(header.name, TMessageType.EXCEPTION, header.seqid);
    writer.writeStructBegin('TApplicationException');
    writer.writeFieldBegin('message', TType.STRING, 1);
    writer.writeString(text);
    writer.writeFieldEnd();
    writer.writeFieldBegin('type', TType.I32, 2);
    writer.writeI32(INVALID_MESSAGE_TYPE);
    writer.writeFieldEnd();
    writer.writeFieldStop();
    writer.writeStructEnd();
    writer.writeMessageEnd();
  });
}

function headerOf(body: Uint8Array): MessageHeader | undefined {
  try {
    return createReader(sniffProtocol(body)!, body).readMessageBegin();
  } catch {
    return undefined;
  }
}
