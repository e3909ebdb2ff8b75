import type { ReadPacket } from '@nestjs/microservices';
import { printable } from '../../common/printable.js';
import { ContractError } from '../../event/event-error.js';
import type { OnewayCall } from '../../event/contract.js';
import { methodName } from '../pattern.js';
import { ThriftRecord, ThriftRecordBuilder } from '../thrift.record-builder.js';
import type { SendOptions } from '../../publish/outgoing-message.js';
import { attributeFault } from '../../publish/wire-check.js';
import type { QueueFeatures } from '../../queue/queue.js';

/**
 * Limits the attributes to the number that SQS accepts. Attributes from tracing must not displace
 * or fail attributes of the application.
 */
const MAX_ATTRIBUTES = 10;

/** Describes a packet of Nest. Nest 12's dispatch hook may add the metadata. */
export interface EmittedPacket {
  readonly pattern: unknown;
  readonly data: unknown;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Names the call of a pattern in events and logs. Never throws. */
export function shownName(pattern: unknown): string {
  return nameOrNothing(pattern) ?? typeof pattern;
}

/** Returns the method that a pattern names. Undefined also if a getter of the pattern throws. */
function nameOrNothing(pattern: unknown): string | undefined {
  try {
    return methodName(pattern)?.method;
  } catch {
    return undefined;
  }
}

/** Creates the error for a call by `send`, which waits for a reply. */
export function noReplyError(pattern: unknown): ContractError {
  const name = nameOrNothing(pattern);
  const method = name === undefined ? 'this' : printable(name);
  return new ContractError('not-oneway', `${method} is a oneway call and has no reply: use emit() instead of send()`);
}

/**
 * Reads the call of a packet and its send options.
 *
 * @throws ContractError the pattern names no method
 */
export function callOf(
  packet: EmittedPacket,
  carrier: Pick<QueueFeatures, 'attributes'>,
): { readonly call: OnewayCall; readonly options: SendOptions | undefined } {
  const name = methodName(packet.pattern);
  if (!name) throw new ContractError('unknown-method', "emit takes 'method' or { service, method }");
  const { args, options } = unpack(packet, carrier);
  return { call: { ...name, args }, options };
}

/**
 * Extracts the arguments and the send options of a packet. The options come from a record or its
 * builder, and from as much of the packet's metadata as fits. A carrier without attributes gets no
 * metadata.
 */
export function unpack(
  { data: given, metadata }: EmittedPacket,
  carrier: Pick<QueueFeatures, 'attributes'>,
): { args: Record<string, unknown>; options?: SendOptions } {
  const data: unknown = given instanceof ThriftRecordBuilder ? given.build() : given;
  const isRecord = data instanceof ThriftRecord;
  const args = (isRecord ? data.args : data) as Record<string, unknown>;
  const options = isRecord ? data.options : undefined;
  if (metadata && carrier.attributes) return { args, options: withMetadata(options, metadata) };
  return options ? { args, options } : { args };
}

/**
 * Adds as much of the metadata as fits to the attributes. The application's attributes come first.
 */
function withMetadata(options: SendOptions | undefined, metadata: Readonly<Record<string, string>>): SendOptions {
  const attributes = { ...options?.attributes };
  for (const [name, value] of Object.entries(metadata)) {
    const fits = Object.keys(attributes).length < MAX_ATTRIBUTES && attributeFault(name, value) === undefined;
    if (fits && !Object.hasOwn(attributes, name)) attributes[name] = value;
  }
  return { ...options, ...(Object.keys(attributes).length > 0 && { attributes }) };
}

/** Returns the dispatch hook of Nest 12, which may put metadata on a packet. */
export function hookOf(client: object): ((packet: ReadPacket) => void) | undefined {
  return (client as { onDispatchHook?: (packet: ReadPacket) => void }).onDispatchHook;
}
