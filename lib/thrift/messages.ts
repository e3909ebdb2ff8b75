import { BinaryReader } from './binary/binary-reader.js';
import { BinaryWriter } from './binary/binary-writer.js';
import { DEFAULT_READ_LIMITS, resolveReadLimits, type ReadLimits } from './limits.js';
import type { ProtocolName, ThriftReader, ThriftWriter } from './protocol.js';

/** Options of {@link createReader}. */
export interface ReaderOptions {
  /** What one message may cost. Default: {@link DEFAULT_READ_LIMITS}. */
  readonly limits?: Partial<ReadLimits>;
  /** Also read message headers of the binary protocol from before it had a version. Default false. */
  readonly oldBinary?: boolean;
}

const WRITERS: Record<ProtocolName, () => ThriftWriter> = { binary: () => new BinaryWriter() };

/** One idle writer a protocol, so that its memory is used again; none while it is in use. */
const idle: Record<ProtocolName, ThriftWriter | undefined> = { binary: undefined };

/**
 * Runs `write` over a writer and returns a copy of the bytes it wrote. What was written before a throw is forgotten.
 *
 * May be called from within itself (a getter that encodes): the inner call gets a writer of its own.
 */
export function writeBytes(protocol: ProtocolName, write: (writer: ThriftWriter) => void): Buffer {
  const writer = idle[protocol] ?? WRITERS[protocol]();
  idle[protocol] = undefined;
  try {
    write(writer);
    return writer.toBuffer();
  } finally {
    writer.reset();
    idle[protocol] = writer;
  }
}

/** A reader over the bytes of one or more messages. Throws a `TypeError` for limits that make no sense. */
export function createReader(protocol: ProtocolName, bytes: Uint8Array, options: ReaderOptions = {}): ThriftReader {
  const limits = options.limits ? resolveReadLimits(options.limits) : DEFAULT_READ_LIMITS;
  switch (protocol) {
    case 'binary':
      return new BinaryReader(bytes, limits, options.oldBinary ?? false);
  }
}

/** The shortest message with an old header: a name of no bytes, the type, the sequence id, and an empty struct. */
const OLD_LEAST = 4 + 1 + 4 + 1;

/**
 * Tells a protocol by the first bytes of a message: 0x80 is a strict binary header (`doc/specs/thrift-binary-protocol.md`, Message).
 *
 * With `allowOld` a header without a version is binary too: a name's length, below 16 MiB, that fits the bytes at hand.
 */
export function sniffProtocol(bytes: Uint8Array, allowOld = false): ProtocolName | undefined {
  const [first, a = 0, b = 0, c = 0] = bytes;
  if (first === 0x80) return 'binary';
  const nameBytes = (a << 16) | (b << 8) | c;
  if (allowOld && first === 0 && bytes.length >= OLD_LEAST + nameBytes) return 'binary';
  return undefined;
}
