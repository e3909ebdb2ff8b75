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
  const record = data instanceof SqsThriftRecord ? data : undefined;
  if (!metadata) {
    return record
      ? { args: record.args as Record<string, unknown>, options: record.options }
      : { args: data as Record<string, unknown> };
  }
  const attributes = { ...record?.options.attributes };
  for (const [name, value] of Object.entries(metadata)) {
    const fits = Object.keys(attributes).length < MAX_ATTRIBUTES && attributeFault(name, value) === undefined;
    if (fits) attributes[name] ??= value;
  }
  return {
    args: (record ? record.args : data) as Record<string, unknown>,
    options: { ...record?.options, ...(Object.keys(attributes).length > 0 && { attributes }) },
  };
}
