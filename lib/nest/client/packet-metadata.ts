import { SqsThriftRecord } from '../sqs-thrift.record-builder.js';
import type { SendOptions } from '../../publish/outgoing-message.js';
import { attributeFault } from '../../publish/wire-check.js';

/** SQS takes so many attributes; what tracing adds must not push out, or fail, what the application sends. */
const MAX_ATTRIBUTES = 10;

/** What a packet of Nest carries: pattern, data, and the metadata that Nest 12's dispatch hook may have put on it. */
export interface EmittedPacket {
  readonly pattern: unknown;
  readonly data: unknown;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The arguments and what travels beside them: of a record, and as much of the packet's metadata as fits. */
export function unpack({ data, metadata }: EmittedPacket): { args: Record<string, unknown>; options?: SendOptions } {
  const isRecord = data instanceof SqsThriftRecord;
  const args = (isRecord ? data.args : data) as Record<string, unknown>;
  const options = isRecord ? data.options : undefined;
  if (metadata) return { args, options: withMetadata(options, metadata) };
  return options ? { args, options } : { args };
}

/** Adds as much of the metadata as fits to the attributes. What the application set comes first. */
function withMetadata(options: SendOptions | undefined, metadata: Readonly<Record<string, string>>): SendOptions {
  const attributes = { ...options?.attributes };
  for (const [name, value] of Object.entries(metadata)) {
    const fits = Object.keys(attributes).length < MAX_ATTRIBUTES && attributeFault(name, value) === undefined;
    if (fits) attributes[name] ??= value;
  }
  return { ...options, ...(Object.keys(attributes).length > 0 && { attributes }) };
}
