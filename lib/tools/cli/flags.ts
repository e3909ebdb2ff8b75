import { type Command, InvalidArgumentError } from 'commander';
import type { SqsQueueOptions } from '../../carriers/sqs/sqs-queue-options.js';
import { createEventCodec, type EventCodec, type EventCodecOptions } from '../../event/event-codec.js';
import { findService } from '../../idl/find-service.js';
import { loadSchema } from '../../idl/load-schema.js';
import type { ThriftService } from '../../idl/schema.js';
import { CheckFailed } from './exit.js';

/** Reads a number of messages, at least one. */
export function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number above 0.');
}

/** Which queue a command is about, and where it is. */
export interface QueueFlags {
  readonly queue?: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly json?: true;
}

/** Adds `--queue`, `--endpoint`, `--region` and `--json`. */
export function addQueueFlags(command: Command): Command {
  return command
    .option('--queue <queue>', "the queue's name, URL or ARN; needed unless the IDL names one for all methods")
    .option('--endpoint <url>', 'where requests go (default: AWS_ENDPOINT_URL_SQS or AWS_ENDPOINT_URL, else AWS)')
    .option('--region <region>', 'default: the one in the URL or ARN, else AWS_REGION or the profile')
    .option('--json', 'print JSON, for programs');
}

/** The options by which the queue of the flags is opened. Keys and profile come from the environment, as for any tool of AWS. */
export function queueOptions(queue: string, { endpoint, region }: QueueFlags): SqsQueueOptions {
  return { queue, ...(endpoint !== undefined && { endpoint }), ...(region !== undefined && { region }) };
}

/** Options of reading IDL files. */
export interface IdlFlags {
  readonly includeDir?: readonly string[];
  readonly allowNegKeys?: true;
}

/** Which services a command knows. */
export interface ContractFlags extends IdlFlags {
  readonly idl?: string;
  readonly service?: readonly string[];
}

/** Gathers the values of an option that may be given several times. */
export function collect(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value];
}

/** Adds `--include-dir` and `--allow-neg-keys`, by which IDL files are read. */
export function addIdlFlags(command: Command): Command {
  return command
    .option('--include-dir <folder>', 'look up includes there as well; may be given several times', collect)
    .option('--allow-neg-keys', 'keep field ids of 0 and below, as the flag of the Apache compiler does');
}

/** Adds `--idl`, `--service` and what goes with them. */
export function addContractFlags(command: Command): Command {
  command
    .option('--idl <file>', 'the IDL of the calls in the queue')
    .option('--service <name>', 'a service of the IDL; may be given several times (default: all of the file)', collect);
  return addIdlFlags(command);
}

/**
 * The services of the flags; none without `--idl`.
 *
 * @throws IdlError as reading an IDL file does
 * @throws CheckFailed the file declares no service
 */
export function loadServices(flags: ContractFlags): readonly ThriftService[] {
  const { idl, service = [], includeDir = [], allowNegKeys = false } = flags;
  if (idl === undefined) return [];
  const schema = loadSchema(idl, { includeDirs: includeDir, allowNegativeFieldIds: allowNegKeys });
  const prefix = `${schema.program}.`;
  const declared = [...schema.services.keys()]
    .filter((id) => id.startsWith(prefix))
    .map((id) => id.slice(prefix.length));
  const names = service.length > 0 ? service : declared;
  if (names.length === 0) throw new CheckFailed(`${idl} declares no service; give the file that does`);
  return names.map((name) => findService(schema, name));
}

/** The codec of the services; undefined without any. */
export function codecOf(services: readonly ThriftService[], options: EventCodecOptions = {}): EventCodec | undefined {
  return services.length === 0 ? undefined : createEventCodec(services, options);
}

/** The queue of `--queue`, else the one that the IDL names for all methods. Ends the command with a usage error where there is none. */
export function queueOf(command: Command, { queue }: QueueFlags, codec: EventCodec | undefined): string {
  if (queue !== undefined) return queue;
  const [named, ...others] = codec?.contract.queues() ?? [];
  if (named !== undefined && others.length === 0) return named;
  const why = codec === undefined ? '' : others.length > 0 ? '; the IDL names several' : '; the IDL names none';
  return command.error(`error: required option '--queue <queue>' not specified${why}`);
}

/** The wrapping of the bodies in the queue. */
export interface WrappingFlags {
  readonly snsTopic?: readonly string[];
  readonly bucket?: string;
}

/** Adds `--sns-topic` and `--bucket`. */
export function addWrappingFlags(command: Command): Command {
  return command
    .option('--sns-topic <arn>', 'take calls out of envelopes of this topic; may be given several times', collect)
    .option('--bucket <name>', 'get large bodies from this bucket of S3 (needs @aws-sdk/client-s3)');
}

/** The options by which calls are taken out of what they are wrapped into. */
export function wrappingOptions({ snsTopic = [], bucket }: WrappingFlags): Partial<SqsQueueOptions> {
  return {
    ...(snsTopic.length > 0 && { envelope: { type: 'sns', topics: snsTopic } }),
    ...(bucket !== undefined && { largePayloads: { bucket } }),
  };
}
