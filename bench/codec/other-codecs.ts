import { createRequire } from 'node:module';
import avro from 'avsc';
import { Packr } from 'msgpackr';
import protobuf from 'protobufjs';
import { bound, type Codec } from './codec.js';
import { METHOD, readDefinition, type BackupManifest } from './manifest.js';

const require = createRequire(import.meta.url);

/** Types the used part of thriftrw, which publishes no types. */
interface Thriftrw {
  readonly ManifestQueue: {
    readonly storeManifest: {
      readonly Arguments: new (values: object) => object;
      readonly ArgumentsMessage: new (values: object) => object;
      readonly argumentsMessageRW: object;
    };
  };
}

function thriftrw(): Codec {
  const { Thrift } = require('thriftrw') as {
    Thrift: new (options: { source: string; strict: false; allowOptionalArguments: true }) => Thriftrw;
  };
  const bufrw = require('bufrw') as {
    toBuffer(rw: object, value: object): Buffer;
    fromBuffer(rw: object, bytes: Buffer): unknown;
  };
  // By default thriftrw returns i64 as eight bytes.
  const source = readDefinition('thrift').replaceAll(' i64 ', ' i64 (js.type = "Long") ');
  const { storeManifest } = new Thrift({ source, strict: false, allowOptionalArguments: true }).ManifestQueue;
  const rw = storeManifest.argumentsMessageRW;
  return {
    name: 'thriftrw binary',
    bind: (manifest) =>
      bound(
        new storeManifest.ArgumentsMessage({ id: 0, body: new storeManifest.Arguments({ manifest }) }),
        (message) => bufrw.toBuffer(rw, message),
        (bytes) => bufrw.fromBuffer(rw, bytes),
      ),
  };
}

/** Encodes JSON. Bytes become base64, the usual form in JSON. */
const json: Codec = {
  name: 'JSON',
  bind: (manifest) =>
    bound(
      manifest,
      (value) =>
        Buffer.from(
          JSON.stringify({ method: METHOD, manifest: { ...value, digest: value.digest.toString('base64') } }),
        ),
      (bytes) => {
        const call = JSON.parse(bytes.toString()) as { manifest: BackupManifest & { digest: string } };
        return { ...call, manifest: { ...call.manifest, digest: Buffer.from(call.manifest.digest, 'base64') } };
      },
    ),
};

/**
 * Runs protobufjs. It compiles a type at its first use, with the generator of its static modules.
 */
function protobufjs(): Codec {
  const call = protobuf.parse(readDefinition('proto'), { keepCase: true }).root.lookupType('Call');
  return {
    name: 'protobufjs',
    bind: (manifest) =>
      bound(
        call.create({ method: METHOD, manifest }),
        (value) => call.encode(value).finish() as Buffer,
        (bytes) => call.decode(bytes),
      ),
  };
}

function avsc(): Codec {
  const record = (name: string, fields: Record<string, avro.Schema>): avro.Schema => ({
    type: 'record',
    name,
    fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
  });
  const file = record('BackupFile', { path: 'string', size: 'long', modifiedAt: 'long' });
  const manifestType = record('BackupManifest', {
    startedAt: 'long',
    id: 'string',
    userId: 'string',
    folder: 'string',
    region: 'string',
    labels: { type: 'map', values: 'string' },
    digest: 'bytes',
    files: { type: 'array', items: file },
  });
  const type = avro.Type.forSchema(record('Call', { method: 'string', manifest: manifestType }));
  return {
    name: 'avsc',
    bind: (manifest) =>
      bound(
        { method: METHOD, manifest },
        (value) => type.toBuffer(value),
        (bytes) => type.fromBuffer(bytes) as unknown,
      ),
  };
}

/** Sends records by number, on which both sides agreed before. */
const msgpackr: Codec = {
  name: 'msgpackr with records',
  bind({ labels, ...rest }) {
    const packr = new Packr({ structures: [] });
    return bound(
      // A map is not a record, because its keys differ from call to call.
      { method: METHOD, manifest: { ...rest, labels: new Map(Object.entries(labels)) } },
      (value) => packr.pack(value),
      (bytes) => packr.unpack(bytes) as unknown,
    );
  },
};

export const otherCodecs: readonly Codec[] = [thriftrw(), json, protobufjs(), avsc(), msgpackr];
