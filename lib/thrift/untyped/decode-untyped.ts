import type { ProtocolName } from '../protocol.js';
import { ThriftReadError, within } from '../errors.js';
import { resolveReadLimits } from '../limits.js';
import { createReader, type ReaderOptions, sniffProtocol } from '../messages.js';
import { type UntypedField, UntypedReader } from './untyped-reader.js';

/** One message: its header, and what it carries. */
export interface UntypedMessage {
  readonly protocol: ProtocolName;
  /** As written: `method`, or `Service:method`. */
  readonly name: string;
  /** 1 call, 2 reply, 3 exception, 4 oneway (`doc/specs/thrift-rpc.md`); as written, whatever it is. */
  readonly type: number;
  readonly seqid: number;
  /** The fields of the struct behind the header: the arguments of a call. */
  readonly fields: readonly UntypedField[];
}

/** Options of {@link decodeUntyped}. `limits.elements` counts every value here, fields of base types included. */
export interface DecodeUntypedOptions extends ReaderOptions {
  /** The protocol of the bytes. Default: told by their first bytes. */
  readonly protocol?: ProtocolName;
}

/**
 * Reads one or more messages, back to back, without their IDL: for tools that show what is in a queue. The fields have ids and types
 * but no names, for names are not on the wire. Bytes are those behind the base64 of a queue's body.
 *
 * @throws ThriftReadError the bytes are no messages, or exceed the limits; its path has field ids in the place of names
 * @throws TypeError limits that make no sense
 */
export function decodeUntyped(bytes: Uint8Array, options: DecodeUntypedOptions = {}): readonly UntypedMessage[] {
  const protocol = options.protocol ?? sniffProtocol(bytes, options.oldBinary);
  if (!protocol) throw new ThriftReadError('unknown-protocol', 'the bytes begin as no known protocol does');
  const limits = resolveReadLimits(options.limits);
  const reader = createReader(protocol, bytes, options);
  const untyped = new UntypedReader(reader, protocol, limits.elements);
  const messages: UntypedMessage[] = [];
  do {
    const { name, type, seqid } = reader.readMessageBegin();
    try {
      const fields = untyped.readFields();
      reader.readMessageEnd();
      messages.push({ protocol, name, type, seqid, fields });
    } catch (error) {
      throw within(error, `[message ${messages.length}]`);
    }
  } while (reader.remaining > 0);
  return messages;
}
