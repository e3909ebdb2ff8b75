import type { FieldSchema, FunctionSchema, Schema, ThriftService } from '../idl/schema.js';
import { fieldOf } from '../common/own-field.js';
import type { Int64Like } from '../thrift/protocol.js';
import { keysText, missingArguments } from '../thrift/unknown-fields.js';
import { ContractError } from './event-error.js';

/** Lists the types of arguments that can become an id. */
type Id = string | number | bigint | Int64Like;

type Args = Readonly<Record<string, unknown>>;

/**
 * Says where and how the contract sends calls of one method. The ids come from encoded arguments,
 * so their types are right.
 */
export interface Route {
  readonly queue?: string;
  readonly delaySeconds?: number;
  /** @throws ContractError an argument on the path is not set */
  readonly groupId?: (args: Args) => string;
  /** @throws ContractError an argument on the path is not set */
  readonly deduplicationId?: (args: Args) => string;
}

/** Converts the annotations of a function and its service into a route. */
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
  const builder = key === 'sqs.group' ? 'ThriftRecordBuilder' : 'SqsThriftRecordBuilder';
  return (args) => {
    const value = valueAt(args, fields);
    if (value !== undefined) return idOf(fields.at(-1)!, value as Id, schema);
    const missing = missingArguments(args, namesOf(fn), [fields[0]!.name]);
    if (missing !== undefined) {
      throw new ContractError(
        'missing-argument',
        `${name}.${fn.name}: ${missing}; got ${keysText(Object.keys(args))}. ${key} in ${file} needs the argument; ` +
          `set the argument, or set the id with ${builder}`,
      );
    }
    throw new ContractError(
      'missing-id',
      `${name}.${fn.name}: ${key} in ${file} is "${fields.map((field) => field.name).join('.')}", which is not set in this call; ` +
        `set the field, or set the id with ${builder}`,
    );
  };
}

function namesOf({ args }: FunctionSchema): readonly string[] {
  return args.fields.map((field) => field.name);
}

/** Returns the value that a reader of the call would see. An absent value becomes its default. */
function valueAt(args: Args, fields: readonly FieldSchema[]): unknown {
  let value: unknown = args;
  for (const { name, defaultValue } of fields) {
    value = fieldOf(value as object, name) ?? defaultValue;
    if (value === undefined || value === null) return undefined;
  }
  return value === '' ? undefined : value;
}

/**
 * Returns one text for each value on the wire. An enum member, given by name or by number, is a
 * number on the wire.
 */
function idOf({ type }: FieldSchema, value: Id, schema: Schema): string {
  if (typeof value === 'object') {
    const { buffer, offset } = value;
    return String(Buffer.from(buffer.buffer, buffer.byteOffset + offset, 8).readBigInt64BE());
  }
  if (type.kind === 'uuid') return String(value).toLowerCase();
  return String(type.kind === 'enum' ? (schema.enums.get(type.id)!.values.get(String(value)) ?? value) : value);
}
