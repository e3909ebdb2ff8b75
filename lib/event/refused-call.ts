import { createReader, sniffProtocol, writeBytes } from '../thrift/messages.js';
import { type MessageHeader, type ProtocolName, TMessageType, TType } from '../thrift/protocol.js';
import { type Contract, SEPARATOR } from './contract.js';

/** Type of a TApplicationException (`UNKNOWN_METHOD` of Apache Thrift). */
const UNKNOWN_METHOD = 1;

/**
 * Returns the EXCEPTION that answers a call of a method with a result, whose client waits for an
 * answer. Returns undefined for every other message: the client of a oneway call reads no answer, so
 * an answer would spoil the connection. An unknown method may be oneway in a newer contract.
 */
export function answerToCall(contract: Contract, message: Uint8Array): Buffer | undefined {
  const protocol = sniffProtocol(message);
  if (protocol === undefined) return undefined;
  const header = headerOf(message, protocol);
  if (header?.type !== TMessageType.CALL || !hasResult(contract, header.name)) return undefined;
  return exception(header, protocol);
}

function headerOf(message: Uint8Array, protocol: ProtocolName): MessageHeader | undefined {
  try {
    return createReader(protocol, message).readMessageBegin();
  } catch {
    // The engine rejects such a message with the reason.
    return undefined;
  }
}

/** True if every method of the name has a result. */
function hasResult(contract: Contract, name: string): boolean {
  const at = name.indexOf(SEPARATOR);
  const found = contract.find(name.slice(at + 1), at < 0 ? undefined : name.slice(0, at));
  return found.length > 0 && found.every(({ fn }) => !fn.oneway);
}

function exception({ name, seqid }: MessageHeader, protocol: ProtocolName): Buffer {
  return writeBytes(protocol, (writer) => {
    writer.writeMessageBegin(name, TMessageType.EXCEPTION, seqid);
    writer.writeStructBegin('TApplicationException');
    writer.writeFieldBegin('message', TType.STRING, 1);
    writer.writeString(`${name} has a result, and this server handles oneway calls only`);
    writer.writeFieldEnd();
    writer.writeFieldBegin('type', TType.I32, 2);
    writer.writeI32(UNKNOWN_METHOD);
    writer.writeFieldEnd();
    writer.writeFieldStop();
    writer.writeStructEnd();
    writer.writeMessageEnd();
  });
}
