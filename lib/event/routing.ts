import type { FieldSchema, FunctionSchema, Schema, ThriftService } from '../idl/schema.js';
import type { Int64Like } from '../thrift/protocol.js';
import { ContractError } from './event-error.js';

/** What an argument may be that an id is made of. */
type Id = string | number | bigint | Int64Like;

type Args = Readonly<Record<string, unknown>>;

/** Where and how the contract sends calls of one method. The ids are made of arguments that have been encoded, so their types are right. */
export interface Route {
  readonly queue?: string;
  readonly delaySeconds?: number;
  /** @throws ContractError an argument on the path is not set */
  readonly groupId?: (args: Args) => string;
  /** @throws ContractError an argument on the path is not set */
  readonly deduplicationId?: (args: Args) => string;
}

/** What the annotations of a function and its service say, ready to be used. */
export function routeOf(service: ThriftService, fn: FunctionSchema): Route {
  const { queue, delaySeconds, groupId, deduplicationId } = service.routing.get(fn.name) ?? {};
  return {
    ...(queue !== undefined && { queue }),
    ...(delaySeconds !== undefined && { delaySeconds }),
    ...(groupId !== undefined && { groupId: idReader(service, fn, 'sqs.group', groupId) }),
    ...(deduplicationId !== undefined && { deduplicationId: idReader(service, fn, 'sqs.dedup', deduplicationId) }),
  };
}

function idReader(
  { name, file, schema }: ThriftService,
  fn: FunctionSchema,
  key: string,
  fields: readonly FieldSchema[],
): (args: Args) => string {
  return (args) => {
    const value = valueAt(args, fields);
    if (value !== undefined) return idOf(fields.at(-1)!, value as Id, schema);
    throw new ContractError(
      'missing-id',
      `${name}.${fn.name}: ${key} in ${file} is "${fields.map((field) => field.name).join('.')}", which is not set in this call; ` +
        'set it, or give the id with a SqsThriftRecordBuilder',
    );
  };
}

/** What a reader of the call would see: a value that is left out is its default. */
function valueAt(args: Args, fields: readonly FieldSchema[]): unknown {
  let value: unknown = args;
  for (const { name, defaultValue } of fields) {
    value = (value as Args)[name] ?? defaultValue;
    if (value === undefined || value === null) return undefined;
  }
  return value === '' ? undefined : value;
}

/** One text for what is one value on the wire: a member of an enum may be given by name or by number, and is a number there. */
function idOf({ type }: FieldSchema, value: Id, schema: Schema): string {
  if (typeof value === 'object') {
    const { buffer, offset } = value;
    return String(Buffer.from(buffer.buffer, buffer.byteOffset + offset, 8).readBigInt64BE());
  }
  if (type.kind === 'uuid') return String(value).toLowerCase();
  return String(type.kind === 'enum' ? (schema.enums.get(type.id)!.values.get(String(value)) ?? value) : value);
}
