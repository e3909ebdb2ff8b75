import { ThriftReadError, type ThriftLimitName, type ReadReason } from '#lib/thrift/errors.js';
import { createReader } from '#lib/thrift/messages.js';
import { TMessageType, type ProtocolName } from '#lib/thrift/protocol.js';
import { compileService } from '#lib/thrift/service-codec.js';
import { service } from './contract.js';
import { neutralFields } from './neutral.js';

/** The calls of some bytes in neutral form, or why they were refused. */
export type OurOutcome =
  | { readonly ok: true; readonly calls: readonly (readonly [method: string, seqid: number, args: object])[] }
  | {
      readonly ok: false;
      readonly reason: ReadReason;
      readonly limit?: ThriftLimitName | undefined;
      readonly message: string;
    };

/** Reads bytes as one or more oneway calls. Only the documented errors are taken for a refusal; any other is thrown on. */
export function ourOutcome(protocol: ProtocolName, bytes: Buffer): OurOutcome {
  const codec = compileService(service, protocol);
  const calls: (readonly [string, number, object])[] = [];
  try {
    const reader = createReader(protocol, bytes);
    do {
      const { name, type, seqid } = reader.readMessageBegin();
      if (type !== TMessageType.ONEWAY && type !== TMessageType.CALL) return refused('wrong-message-type');
      const method = codec.methods.get(name);
      if (!method) return refused('unknown-method');
      const args = method.read(reader);
      reader.readMessageEnd();
      calls.push([name, seqid, neutralFields(service.functions.get(name)!.args.fields, args)]);
    } while (reader.remaining > 0);
  } catch (error) {
    if (!(error instanceof ThriftReadError)) throw error;
    return { ok: false, reason: error.reason, limit: error.limit, message: error.message };
  }
  return { ok: true, calls };
}

function refused(reason: ReadReason): OurOutcome {
  return { ok: false, reason, message: reason };
}
