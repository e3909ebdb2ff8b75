import { fromWireBody } from '../../../event/body.js';
import type { EventCodec } from '../../../event/event-codec.js';
import { malformed, MalformedEventError } from '../../../event/event-error.js';
import type { OnewayCall } from '../../../event/contract.js';
import type { Defect, WireBody } from '../../../queue/wire-message.js';
import { type UntypedMessage, decodeUntyped } from '../../../thrift/untyped/decode-untyped.js';
import { type ProtocolName, TMessageType } from '../../../thrift/protocol.js';
import { fieldsToJson, type Json, untypedToJson } from './to-json.js';

/** One call of a body, as it is shown. */
export interface SeenCall {
  /** By the IDL; without one, as the message names it. */
  readonly service?: string;
  readonly method: string;
  readonly protocol: ProtocolName;
  /** `oneway`, `call` …: the message type. */
  readonly type: string;
  readonly seqid: number;
  /** The arguments by name; with an IDL that knows them. */
  readonly args?: Json;
  /** The fields by id; without one. */
  readonly fields?: Json;
}

/** The readable part of a body. */
export interface SeenBody<Call = SeenCall> {
  /** Empty where not even the structure can be read. */
  readonly calls: readonly Call[];
  /** Why a worker with this IDL would reject it. */
  readonly problem?: { readonly reason: string; readonly detail: string };
}

const TYPES: Readonly<Record<number, string>> = {
  [TMessageType.CALL]: 'call',
  [TMessageType.REPLY]: 'reply',
  [TMessageType.EXCEPTION]: 'exception',
  [TMessageType.ONEWAY]: 'oneway',
};

/**
 * Reads a body as a worker would, and what can be seen of it where a worker would not.
 *
 * @param codec of the services that are known; without one the structure is shown
 * @param defect what the queue itself found wrong with the message
 */
export function readBody(body: WireBody, codec?: EventCodec, defect?: Defect): SeenBody {
  const read = (): readonly SeenCall[] => {
    const decoded = codec?.decode(body);
    return decodeMessages(body).map((untyped, at) => seenCall(untyped, decoded?.[at], codec));
  };
  return readCalls(read, () => decodeMessages(body).map((untyped) => seenCall(untyped)), defect);
}

/**
 * Reads the calls of a body. Where a worker would reject it, reads what it can without the IDL and
 * adds the reason.
 *
 * @param read throws a MalformedEventError for what a worker would reject
 * @param withoutIdl throws one where the structure is what is wrong
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

/**
 * As many values as the largest body of SQS can have: whether they are too many for a worker is for the codec to say.
 */
export const LIMITS = { elements: 1_048_576 };

/** @throws MalformedEventError it is none */
function decodeMessages(body: WireBody): readonly UntypedMessage[] {
  const bytes = fromWireBody(body);
  try {
    return decodeUntyped(bytes, { limits: LIMITS });
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
