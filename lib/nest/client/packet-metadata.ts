import type { ReadPacket } from '@nestjs/microservices';
import { printable } from '../../common/printable.js';
import { ContractError } from '../../event/event-error.js';
import type { OnewayCall } from '../../event/contract.js';
import { methodName } from '../pattern.js';
import { ThriftRecord, ThriftRecordBuilder } from '../thrift.record-builder.js';
import type { SendOptions } from '../../publish/outgoing-message.js';
import type { TraceAttributes } from '../../publish/trace-context.js';

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
export function callOf(packet: EmittedPacket): {
  readonly call: OnewayCall;
  readonly options: SendOptions | undefined;
  readonly tracing: TraceAttributes | undefined;
} {
  const name = methodName(packet.pattern);
  if (!name) throw new ContractError('unknown-method', "emit takes 'method' or { service, method }");
  const { args, options } = unpack(packet.data);
  return { call: { method: name.method, service: name.service, args }, options, tracing: packet.metadata };
}

/** Extracts the arguments and the send options, which come from a record or its builder. */
function unpack(given: unknown): { args: Record<string, unknown>; options?: SendOptions } {
  // Most arguments are plain objects, and `instanceof` looks for the classes of every copy of this package.
  if (isPlain(given)) return { args: given };
  const data: unknown = given instanceof ThriftRecordBuilder ? given.build() : given;
  if (data instanceof ThriftRecord) return { args: data.args as Record<string, unknown>, options: data.options };
  return { args: data as Record<string, unknown> };
}

function isPlain(given: unknown): given is Record<string, unknown> {
  return typeof given === 'object' && given !== null && Object.getPrototypeOf(given) === Object.prototype;
}

/** Returns the dispatch hook of Nest 12, which may put metadata on a packet. */
export function hookOf(client: object): ((packet: ReadPacket) => void) | undefined {
  return (client as { onDispatchHook?: (packet: ReadPacket) => void }).onDispatchHook;
}
