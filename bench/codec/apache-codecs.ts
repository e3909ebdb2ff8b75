import thrift from 'thrift';
import { createReader, writeBytes } from '#lib/thrift/messages.js';
import { bound, type Codec } from './codec.js';
import { StoreManifestArgs } from './generated-call.js';
import { METHOD } from './manifest.js';
import type { Input, Output } from './protocol-calls.js';

const ONEWAY = 4;

type Protocol = new (transport: unknown) => Input & Output & { flush(): void };

/** Types Apache's transports. The published types lack these calls. */
const { TBufferedTransport, TFramedTransport } = thrift as unknown as {
  readonly TBufferedTransport: {
    new (buffer: undefined, onFlush: (bytes: Buffer) => void): object;
    receiver(onBytes: (transport: Received) => void): (bytes: Buffer) => void;
  };
  readonly TFramedTransport: new (bytes: Buffer) => object;
};

interface Received {
  commitPosition(): void;
}

function writeCall(output: Output, args: StoreManifestArgs): void {
  output.writeMessageBegin(METHOD, ONEWAY, 0);
  args.write(output);
  output.writeMessageEnd();
}

function readCall(input: Input): StoreManifestArgs {
  input.readMessageBegin();
  const args = new StoreManifestArgs();
  args.read(input);
  input.readMessageEnd();
  return args;
}

/** Reads bytes in place, the shortest way. */
function readInPlace(Protocol: Protocol): (bytes: Buffer) => StoreManifestArgs {
  return (bytes) => readCall(new Protocol(new TFramedTransport(bytes)));
}

/** Reads bytes as Apache's servers do, through the memory of the transport. */
function readReceived(Protocol: Protocol): (bytes: Buffer) => StoreManifestArgs | undefined {
  let args: StoreManifestArgs | undefined;
  const receive = TBufferedTransport.receiver((transport) => {
    args = readCall(new Protocol(transport));
    transport.commitPosition();
  });
  return (bytes) => {
    receive(bytes);
    return args;
  };
}

/**
 * Runs generated classes on a protocol of the Apache runtime. In its favour the classes are filled
 * beforehand, while a generated client copies the values at each call. The writing half lives as
 * long as the client.
 */
function apache(name: string, protocol: unknown, reading: typeof readReceived = readInPlace): Codec {
  const Protocol = protocol as Protocol;
  return {
    name,
    bind(manifest) {
      let flushed = Buffer.alloc(0);
      const output = new Protocol(new TBufferedTransport(undefined, (bytes) => (flushed = bytes as typeof flushed)));
      return bound(
        new StoreManifestArgs({ manifest }),
        (args) => {
          writeCall(output, args);
          output.flush();
          return flushed;
        },
        reading(Protocol),
      );
    },
  };
}

/** Runs the same classes on this library's protocol objects. */
const onOwnProtocol: Codec = {
  name: 'generated classes on own binary',
  bind: (manifest) =>
    bound(
      new StoreManifestArgs({ manifest }),
      (args) => writeBytes('binary', (writer) => writeCall(writer, args)),
      (bytes) => readCall(createReader('binary', bytes)),
    ),
};

export const apacheCodecs: readonly Codec[] = [
  apache('Apache binary', thrift.TBinaryProtocol),
  apache('Apache binary, received', thrift.TBinaryProtocol, readReceived),
  apache('Apache compact', thrift.TCompactProtocol),
  apache('Apache JSON', thrift.TJSONProtocol),
  onOwnProtocol,
];
