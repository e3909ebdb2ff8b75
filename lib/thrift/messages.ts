import { BinaryReader } from './binary/binary-reader.js';
import { BinaryWriter } from './binary/binary-writer.js';
import { CompactReader } from './compact/compact-reader.js';
import { CompactWriter } from './compact/compact-writer.js';
import { isBlank, OPEN_LIST } from './json/json-syntax.js';
import { JsonReader } from './json/json-reader.js';
import { JsonWriter } from './json/json-writer.js';
import { DEFAULT_LIMITS, resolveLimits, type ThriftLimitOptions, type ThriftLimits } from './limits.js';
import type { ProtocolName, ThriftReader, ThriftWriter } from './protocol.js';

/**
 * Options of {@link createReader}.
 *
 * @publicApi
 */
export interface ReaderOptions {
  /** Limits the cost of reading. Default: see {@link ThriftLimits}. */
  readonly limits?: ThriftLimitOptions | undefined;
  /**
   * Also reads message headers of the binary protocol from before the version field existed.
   * Default false.
   */
  readonly oldBinary?: boolean | undefined;
  /** Replaces bytes that are not UTF-8 by U+FFFD instead of rejecting the text. Default false. */
  readonly lenient?: boolean | undefined;
}

const WRITERS: Record<ProtocolName, () => ThriftWriter> = {
  binary: () => new BinaryWriter(),
  compact: () => new CompactWriter(),
  json: () => new JsonWriter(),
};

/**
 * Keeps one idle writer per protocol, so that its memory is reused. The entry is undefined while
 * the writer is in use.
 */
const idle: Record<ProtocolName, ThriftWriter | undefined> = {
  binary: undefined,
  compact: undefined,
  json: undefined,
};

/**
 * Runs `write` with a writer and returns a copy of the written bytes. A throw discards the bytes.
 * Supports nested calls, for example from a getter that encodes: the inner call gets its own
 * writer.
 */
export function writeBytes(protocol: ProtocolName, write: (writer: ThriftWriter) => void): Buffer {
  return written(protocol, write, (writer) => writer.toBuffer());
}

/** The bytes of a message, and the elements that count against the limit of the body that it becomes part of. */
export interface CostedBytes {
  readonly bytes: Buffer;
  readonly cost: number;
}

/** Runs {@link writeBytes} and returns the cost too. */
export function writeCosted(protocol: ProtocolName, write: (writer: ThriftWriter) => void): CostedBytes {
  return written(protocol, write, (writer) => ({ bytes: writer.toBuffer(), cost: writer.cost }));
}

/**
 * Runs {@link writeBytes} and returns standard base64, encoded from the writer's memory without an
 * intermediate copy.
 */
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

/**
 * Creates a reader for the bytes of one or more messages. Throws a `TypeError` for invalid limits.
 */
export function createReader(protocol: ProtocolName, bytes: Uint8Array, options: ReaderOptions = {}): ThriftReader {
  return openReader(protocol, bytes, options.limits ? resolveLimits(options.limits) : DEFAULT_LIMITS, options);
}

/** Creates a reader as {@link createReader} does, for limits that are complete. */
export function openReader(
  protocol: ProtocolName,
  bytes: Uint8Array,
  limits: ThriftLimits,
  options: Pick<ReaderOptions, 'oldBinary' | 'lenient'>,
): ThriftReader {
  switch (protocol) {
    case 'binary':
      return new BinaryReader(bytes, limits, options.oldBinary, options.lenient);
    case 'compact':
      return new CompactReader(bytes, limits, options.lenient);
    case 'json':
      return new JsonReader(bytes, limits, options.lenient);
  }
}

/**
 * Counts the bytes of the shortest message with an old header. The message has an empty name, the
 * type, the sequence id and an empty struct.
 */
const OLD_LEAST = 4 + 1 + 4 + 1;

/**
 * Detects the protocol from the first bytes of a message. 0x80 is a strict binary header
 * (`doc/specs/thrift-binary-protocol.md`, Message). 0x82 is a compact header
 * (`doc/specs/thrift-compact-protocol.md`, Message). An opening bracket, after optional blanks, is
 * JSON.
 *
 * `allowOld` also accepts a binary header without a version. The header starts with the length of a
 * name, below 16 MiB, which must fit the remaining bytes.
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
