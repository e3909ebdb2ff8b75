import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import { createReader, writeBytes } from '#lib/thrift/messages.js';
import type { ProtocolName, ThriftWriter } from '#lib/thrift/protocol.js';
import { compileService, type MethodCodec } from '#lib/thrift/service-codec.js';

/** The method `f` of the service `S` of an IDL text. */
export function methodOf(idl: string, protocol: ProtocolName): MethodCodec {
  return compileService(findService(loadSchemaFromText(idl), 'S'), protocol).methods.get('f')!;
}

/** An IDL text whose method `f` has the parameter `1: <type> v`, after declarations if there are any. */
export function withParameter(type: string, declarations = ''): string {
  return `${declarations} service S { oneway void f(1: ${type} v) }`;
}

/** A whole message for `f` whose arguments `write` puts on the wire. */
export function messageOf(protocol: ProtocolName, write: (writer: ThriftWriter) => void): Buffer {
  return writeBytes(protocol, (writer) => {
    writer.writeMessageBegin('f', 4, 0);
    write(writer);
    writer.writeMessageEnd();
  });
}

/** The arguments of a message, read to its last byte. */
export function argsOf(method: MethodCodec, protocol: ProtocolName, bytes: Uint8Array): Record<string, unknown> {
  const reader = createReader(protocol, bytes);
  reader.readMessageBegin();
  const args = method.read(reader);
  reader.readMessageEnd();
  if (reader.remaining > 0) throw new Error(`${reader.remaining} bytes were not read`);
  return args;
}

/** Arguments as they stand on the wire: hex for binary and compact, text for JSON, each put into a message for `f`. */
export function rawMessage(protocol: ProtocolName, args: string): Buffer {
  if (protocol === 'json') return Buffer.from(`[1,"f",4,0,${args}]`);
  const header = writeBytes(protocol, (writer) => writer.writeMessageBegin('f', 4, 0));
  return Buffer.concat([header, Buffer.from(args.replaceAll(' ', ''), 'hex')]);
}
