import type { FieldSchema, FunctionSchema, ThriftService } from '../idl/schema.js';
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
  { name, file }: ThriftService,
  fn: FunctionSchema,
  key: string,
  fields: readonly FieldSchema[],
): (args: Args) => string {
  return (args) => {
    const value = valueAt(args, fields);
    if (value !== undefined) return idOf(fields.at(-1)!, value as Id);
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

/** One text for what is one value on the wire. */
function idOf({ type }: FieldSchema, value: Id): string {
  if (typeof value !== 'object') return type.kind === 'uuid' ? String(value).toLowerCase() : String(value);
  const { buffer, offset } = value;
  return String(Buffer.from(buffer.buffer, buffer.byteOffset + offset, 8).readBigInt64BE());
}
