import { fromWireBody } from '../../../event/body.js';
import type { EventCodec } from '../../../event/event-codec.js';
import { malformed } from '../../../event/event-error.js';
import type { Defect, WireBody } from '../../../queue/wire-message.js';
import { ThriftReadError } from '../../../thrift/errors.js';
import { createReader, sniffProtocol } from '../../../thrift/messages.js';
import { TType } from '../../../thrift/protocol.js';
import { readCalls, type SeenBody, type SeenCall } from './read-body.js';

export type CallName = Pick<SeenCall, 'service' | 'method'>;

/**
 * Reads a body as `readBody` does, but without the contents of its calls, which may be large. Suits
 * looks at many messages.
 *
 * @param codec of the known services; without a codec the names come from the message
 * @param defect fault that the queue found in the message
 */
export function readNames(body: WireBody, codec?: EventCodec, defect?: Defect): SeenBody<CallName> {
  const named = (): readonly CallName[] => namesIn(body);
  return readCalls(codec === undefined ? named : () => codec.decode(body), named, defect);
}

/** @throws MalformedEventError the body holds no messages */
function namesIn(body: WireBody): readonly CallName[] {
  const bytes = fromWireBody(body);
  try {
    const protocol = sniffProtocol(bytes);
    if (protocol === undefined) {
      throw new ThriftReadError('unknown-protocol', 'the bytes begin as no known protocol does');
    }
    const reader = createReader(protocol, bytes);
    const names: CallName[] = [];
    do {
      names.push({ method: reader.readMessageBegin().name });
      reader.skip(TType.STRUCT);
      reader.readMessageEnd();
    } while (reader.remaining > 0);
    return names;
  } catch (error) {
    throw malformed(error, 0);
  }
}
