import type { ProtocolName } from '../protocol.js';
import { ThriftReadError, within } from '../errors.js';
import { resolveLimits } from '../limits.js';
import { createReader, type ReaderOptions, sniffProtocol } from '../messages.js';
import { type UntypedField, UntypedReader } from './untyped-reader.js';

/**
 * Represents one message: its header and its fields.
 *
 * @publicApi
 */
export interface UntypedMessage {
  readonly protocol: ProtocolName;
  /** The name as written: `method`, or `Service:method`. */
  readonly name: string;
  /**
   * The message type as written, not checked: 1 call, 2 reply, 3 exception, 4 oneway
   * (`doc/specs/thrift-rpc.md`).
   */
  readonly type: number;
  readonly seqid: number;
  /** The fields of the struct after the header: the arguments of a call. */
  readonly fields: readonly UntypedField[];
}

/**
 * Options of {@link decodeUntyped}. `limits.elements` also counts every field of a base type.
 *
 * @publicApi
 */
export interface DecodeUntypedOptions extends ReaderOptions {
  /** Sets the protocol of the bytes. Default: detected from their first bytes. */
  readonly protocol?: ProtocolName | undefined;
}

/**
 * Decodes one or more consecutive messages without their IDL, for tools that show the content of a
 * queue. The fields have ids and types but no names, because names are not on the wire. Pass the
 * bytes of a queue's body after base64 decoding.
 *
 * @throws ThriftReadError if the bytes are not messages or exceed the limits; its path has field
 *   ids in place of names
 * @throws TypeError for invalid limits
 * @publicApi
 */
export function decodeUntyped(bytes: Uint8Array, options: DecodeUntypedOptions = {}): readonly UntypedMessage[] {
  const protocol = options.protocol ?? sniffProtocol(bytes, options.oldBinary);
  if (!protocol) throw new ThriftReadError('unknown-protocol', 'the bytes begin as no known protocol does');
  const limits = resolveLimits(options.limits);
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
