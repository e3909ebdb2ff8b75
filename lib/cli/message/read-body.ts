import { fromWireBody } from '../../event/body.js';
import type { EventCodec } from '../../event/event-codec.js';
import { MalformedEventError } from '../../event/event-error.js';
import { malformed } from '../../event/malformed.js';
import type { OnewayCall } from '../../event/oneway-call.js';
import type { Defect, WireBody } from '../../queue/wire-message.js';
import { readStructure } from '../../thrift/structure/read-structure.js';
import type { MessageStructure } from '../../thrift/structure/structure.js';
import { TMessageType, type ProtocolName } from '../../thrift/protocol.js';
import { fieldsToJson, structureToJson, type Json } from './to-json.js';

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

/** What can be seen of a body. */
export interface SeenBody {
  /** Empty where not even the structure can be read. */
  readonly calls: readonly SeenCall[];
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
  try {
    const decoded = codec?.decode(body);
    const structures = readStructures(body);
    const calls = structures.map((structure, at) => seenCall(structure, decoded?.[at], codec));
    return { calls, ...(defect && { problem: defect }) };
  } catch (error) {
    if (!(error instanceof MalformedEventError)) throw error;
    const { reason, detail } = defect ?? error;
    return { calls: withoutIdl(body), problem: { reason, detail } };
  }
}

/**
 * As many values as the largest body of SQS can have: whether they are too many for a worker is for the codec to say.
 */
const LIMITS = { elements: 1_048_576 };

/** @throws MalformedEventError it is none */
function readStructures(body: WireBody): readonly MessageStructure[] {
  const bytes = fromWireBody(body);
  try {
    return readStructure(bytes, { limits: LIMITS });
  } catch (error) {
    throw malformed(error, 0);
  }
}

/** Nothing, where the structure is what is wrong. */
function withoutIdl(body: WireBody): readonly SeenCall[] {
  try {
    return readStructures(body).map((structure) => seenCall(structure));
  } catch (error) {
    if (error instanceof MalformedEventError) return [];
    throw error;
  }
}

function seenCall(structure: MessageStructure, call?: OnewayCall, codec?: EventCodec): SeenCall {
  const { name, protocol, type, seqid, fields } = structure;
  const header = { protocol, type: TYPES[type] ?? `type ${type}`, seqid };
  if (call === undefined || codec === undefined) return { method: name, ...header, fields: structureToJson(fields) };
  const { method, service } = call;
  const { fn, service: declared } = codec.contract.resolve(method, service);
  return {
    ...(service !== undefined && { service }),
    method,
    ...header,
    args: fieldsToJson(call.args, fn.args, declared.schema),
  };
}
