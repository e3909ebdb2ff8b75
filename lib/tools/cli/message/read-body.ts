import { fromWireBody } from '../../../event/body.js';
import type { EventCodec } from '../../../event/event-codec.js';
import { malformed, MalformedEventError } from '../../../event/event-error.js';
import type { OnewayCall } from '../../../event/contract.js';
import type { Defect, WireBody } from '../../../queue/wire-message.js';
import { type UntypedMessage, decodeUntyped } from '../../../thrift/untyped/decode-untyped.js';
import { type ProtocolName, TMessageType } from '../../../thrift/protocol.js';
import { fieldsToJson, type Json, untypedToJson } from './to-json.js';

/** Describes one call of a body. */
export interface SeenCall {
  /** From the IDL. Without an IDL, from the message if the message names a service. */
  readonly service?: string | undefined;
  readonly method: string;
  readonly protocol: ProtocolName;
  /** Message type: `oneway`, `call` …. */
  readonly type: string;
  readonly seqid: number;
  /** The arguments by name, if an IDL declares them. */
  readonly args?: Json;
  /** The fields by id, without an IDL. */
  readonly fields?: Json;
}

/** Holds the readable part of a body. */
export interface SeenBody<Call = SeenCall> {
  /** Empty if even the structure cannot be read. */
  readonly calls: readonly Call[];
  /** The reason for which a worker with this IDL would reject the body. */
  readonly problem?: { readonly reason: string; readonly detail: string };
}

const TYPES: Readonly<Record<number, string>> = {
  [TMessageType.CALL]: 'call',
  [TMessageType.REPLY]: 'reply',
  [TMessageType.EXCEPTION]: 'exception',
  [TMessageType.ONEWAY]: 'oneway',
};

/**
 * Reads a body as a worker would. If a worker would reject the body, reads its structure.
 *
 * @param codec of the known services; without a codec the structure is shown
 * @param defect fault that the queue found in the message
 */
export function readBody(body: WireBody, codec?: EventCodec, defect?: Defect): SeenBody {
  const read = (): readonly SeenCall[] => {
    const decoded = codec?.decode(body);
    return decodeMessages(body).map((untyped, at) => seenCall(untyped, decoded?.[at], codec));
  };
  return readCalls(read, () => decodeMessages(body).map((untyped) => seenCall(untyped)), defect);
}

/**
 * Reads the calls of a body. If a worker would reject the body, reads the calls without the IDL and
 * adds the reason.
 *
 * @param read throws a MalformedEventError if a worker would reject the body
 * @param withoutIdl throws a MalformedEventError if the structure is invalid
 */
export function readCalls<Call>(
  read: () => readonly Call[],
  withoutIdl: () => readonly Call[],
  defect: Defect | undefined,
): SeenBody<Call> {
  try {
    return { calls: read(), ...(defect && { problem: defect }) };
  } catch (error) {
    const { reason, detail } = defect ?? expected(error);
    return { calls: orNone(withoutIdl), problem: { reason, detail } };
  }
}

function orNone<Call>(read: () => readonly Call[]): readonly Call[] {
  try {
    return read();
  } catch (error) {
    expected(error);
    return [];
  }
}

function expected(error: unknown): MalformedEventError {
  if (error instanceof MalformedEventError) return error;
  throw error;
}

/** @throws MalformedEventError the body holds no messages */
function decodeMessages(body: WireBody): readonly UntypedMessage[] {
  const bytes = fromWireBody(body);
  try {
    return decodeUntyped(bytes);
  } catch (error) {
    throw malformed(error, 0);
  }
}

function seenCall(untyped: UntypedMessage, call?: OnewayCall, codec?: EventCodec): SeenCall {
  const { name, protocol, type, seqid, fields } = untyped;
  const header = { protocol, type: TYPES[type] ?? `type ${type}`, seqid };
  if (call === undefined || codec === undefined) return { method: name, ...header, fields: untypedToJson(fields) };
  const { method, service } = call;
  const { fn, service: declared } = codec.contract.resolve(method, service);
  return {
    ...(service !== undefined && { service }),
    method,
    ...header,
    args: fieldsToJson(call.args, fn.args, declared.schema),
  };
}
