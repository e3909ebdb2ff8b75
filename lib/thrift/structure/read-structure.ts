import { ThriftReadError, within } from '../errors.js';
import { resolveReadLimits } from '../limits.js';
import { createReader, sniffProtocol, type ReaderOptions } from '../messages.js';
import type { ProtocolName } from '../protocol.js';
import { StructureReader } from './structure-reader.js';
import type { MessageStructure } from './structure.js';

/** Options of {@link readStructure}. `limits.elements` counts every value here, fields of base types included. */
export interface StructureOptions extends ReaderOptions {
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
export function readStructure(bytes: Uint8Array, options: StructureOptions = {}): readonly MessageStructure[] {
  const protocol = options.protocol ?? sniffProtocol(bytes, options.oldBinary);
  if (!protocol) throw new ThriftReadError('unknown-protocol', 'the bytes begin as no known protocol does');
  const limits = resolveReadLimits(options.limits);
  const reader = createReader(protocol, bytes, options);
  const structures = new StructureReader(reader, protocol, limits.elements);
  const messages: MessageStructure[] = [];
  do {
    const { name, type, seqid } = reader.readMessageBegin();
    try {
      const fields = structures.readFields();
      reader.readMessageEnd();
      messages.push({ protocol, name, type, seqid, fields });
    } catch (error) {
      throw within(error, `[message ${messages.length}]`);
    }
  } while (reader.remaining > 0);
  return messages;
}
