import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import type { WireBody } from 'nestjs-sqs-thrift/port';
import { fromWireBody, writeBody } from '#lib/event/body.js';
import { createReader, writeBytes } from '#lib/thrift/messages.js';
import type { ProtocolName, ThriftWriter } from '#lib/thrift/protocol.js';
import { compileService } from '#lib/thrift/service-codec.js';
import { bound, type Codec } from './codec.js';
import { METHOD, readDefinition, withBigInts, type BackupManifest } from './manifest.js';

const ONEWAY = 4;
const PROTOCOLS: readonly ProtocolName[] = ['binary', 'compact', 'json'];
const service = findService(
  loadSchemaFromText(readDefinition('thrift'), { fileName: 'manifest.thrift' }),
  'ManifestQueue',
);

/** Holds the values as the codec reads them, with a `Map` for the map. */
function argumentsOf(manifest: BackupManifest, i64: 'bigint' | 'number' = 'bigint'): Record<string, unknown> {
  const values = i64 === 'bigint' ? withBigInts(manifest) : manifest;
  return { manifest: { ...values, labels: new Map(Object.entries(values.labels)) } };
}

type Write = (writer: ThriftWriter) => void;

/** Runs the codec alone, as bytes or as the text of a body. */
function codec(name: string, protocol: ProtocolName, i64: 'bigint' | 'number', kind: 'bytes' | 'text'): Codec {
  const method = compileService(service, protocol, { i64 }).methods.get(METHOD)!;
  const wire =
    kind === 'bytes'
      ? (write: Write) => writeBytes(protocol, write)
      : (write: Write) => writeBody(protocol, kind, write);
  const unwire = kind === 'bytes' ? (body: WireBody) => body as Uint8Array : fromWireBody;
  return {
    name,
    bind: (manifest) =>
      bound(
        argumentsOf(manifest, i64),
        (args) =>
          wire((writer) => {
            writer.writeMessageBegin(METHOD, ONEWAY, 0);
            method.write(writer, args);
            writer.writeMessageEnd();
          }),
        (body) => {
          const reader = createReader(protocol, unwire(body));
          reader.readMessageBegin();
          const args = method.read(reader);
          reader.readMessageEnd();
          return args;
        },
      ),
  };
}

/**
 * Runs the event codec: everything between a call and the body of its message, with the look-ups in
 * the contract.
 */
function eventCodec(protocol: ProtocolName): Codec {
  const events = createEventCodec([service], { protocol });
  return {
    name: `event codec, ${protocol} as text`,
    bind: (manifest) =>
      bound(
        { method: METHOD, args: argumentsOf(manifest) },
        (call) => events.encodeBody(call, 'text'),
        (body) => events.decode(body)[0],
      ),
  };
}

export const ownCodecs: readonly Codec[] = PROTOCOLS.flatMap((protocol) => [
  codec(`own ${protocol}`, protocol, 'bigint', 'bytes'),
  codec(`own ${protocol}, i64 as number`, protocol, 'number', 'bytes'),
  // JSON is text already.
  ...(protocol === 'json' ? [] : [codec(`own ${protocol} in base64`, protocol, 'bigint', 'text')]),
  eventCodec(protocol),
]);
