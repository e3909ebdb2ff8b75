import { BinaryReader } from './binary/binary-reader.js';
import { BinaryWriter } from './binary/binary-writer.js';
import { CompactReader } from './compact/compact-reader.js';
import { CompactWriter } from './compact/compact-writer.js';
import { isBlank, OPEN_LIST } from './json/json-syntax.js';
import { JsonReader } from './json/json-reader.js';
import { JsonWriter } from './json/json-writer.js';
import { DEFAULT_READ_LIMITS, resolveReadLimits, type ReadLimits } from './limits.js';
import type { ProtocolName, ThriftReader, ThriftWriter } from './protocol.js';

/** Options of {@link createReader}. */
export interface ReaderOptions {
  /** What one message may cost. Default: {@link DEFAULT_READ_LIMITS}. */
  readonly limits?: Partial<ReadLimits>;
  /** Also read message headers of the binary protocol from before it had a version. Default false. */
  readonly oldBinary?: boolean;
  /** Read text that is not UTF-8 with U+FFFD in the place of what is not, instead of refusing it. Default false. */
  readonly lenient?: boolean;
}

const WRITERS: Record<ProtocolName, () => ThriftWriter> = {
  binary: () => new BinaryWriter(),
  compact: () => new CompactWriter(),
  json: () => new JsonWriter(),
};

/** One idle writer a protocol, so that its memory is used again; none while it is in use. */
const idle: Record<ProtocolName, ThriftWriter | undefined> = {
  binary: undefined,
  compact: undefined,
  json: undefined,
};

/**
 * Runs `write` over a writer and returns a copy of the bytes it wrote. What was written before a throw is forgotten.
 *
 * May be called from within itself (a getter that encodes): the inner call gets a writer of its own.
 */
export function writeBytes(protocol: ProtocolName, write: (writer: ThriftWriter) => void): Buffer {
  return written(protocol, write, (writer) => writer.toBuffer());
}

/** {@link writeBytes} in standard base64, made from the writer's memory without a copy in between. */
export function writeBase64(protocol: ProtocolName, write: (writer: ThriftWriter) => void): string {
  return written(protocol, write, (writer) => writer.toBase64());
}

function written<T>(
  protocol: ProtocolName,
  write: (writer: ThriftWriter) => void,
  take: (writer: ThriftWriter) => T,
): T {
  const writer = idle[protocol] ?? WRITERS[protocol]();
  idle[protocol] = undefined;
  try {
    write(writer);
    return take(writer);
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
      return new BinaryReader(bytes, limits, options.oldBinary, options.lenient);
    case 'compact':
      return new CompactReader(bytes, limits, options.lenient);
    case 'json':
      return new JsonReader(bytes, limits, options.lenient);
  }
}

/** The shortest message with an old header: a name of no bytes, the type, the sequence id, and an empty struct. */
const OLD_LEAST = 4 + 1 + 4 + 1;

/**
 * Tells a protocol by the first bytes of a message: 0x80 is a strict binary header (`doc/specs/thrift-binary-protocol.md`, Message),
 * 0x82 a compact one (`doc/specs/thrift-compact-protocol.md`, Message), and an opening bracket, behind blanks if there are any, is JSON.
 *
 * With `allowOld` a header without a version is binary too: a name's length, below 16 MiB, that fits the bytes at hand.
 */
export function sniffProtocol(bytes: Uint8Array, allowOld = false): ProtocolName | undefined {
  const first = bytes[0];
  if (first === 0x80) return 'binary';
  if (first === 0x82) return 'compact';
  if (first === OPEN_LIST || isBlank(first)) return startsList(bytes) ? 'json' : undefined;
  if (allowOld && first === 0 && startsOldHeader(bytes)) return 'binary';
  return undefined;
}

function startsOldHeader(bytes: Uint8Array): boolean {
  const [, a = 0, b = 0, c = 0] = bytes;
  const nameBytes = (a << 16) | (b << 8) | c;
  return bytes.length >= OLD_LEAST + nameBytes;
}

function startsList(bytes: Uint8Array): boolean {
  return bytes.find((byte) => !isBlank(byte)) === OPEN_LIST;
}
