import { type Command, InvalidArgumentError } from 'commander';
import type { SqsQueueOptions } from '../../carriers/sqs/sqs-queue-options.js';
import { createEventCodec, type EventCodec, type EventCodecOptions } from '../../event/event-codec.js';
import { findService } from '../../idl/find-service.js';
import { loadSchema } from '../../idl/load-schema.js';
import { printable } from '../../common/printable.js';
import type { Schema, ThriftService } from '../../idl/schema.js';
import { CheckFailed } from './exit.js';
import { withPrefix } from '../../queue/derived-names.js';
import { expandIdlArguments, IDL_FORMS } from './idl-arguments.js';

/** Parses a number of messages, at least one. */
export function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('The value must be a whole number above 0.');
}

/** Parses a number of receives, 1 to 1 000. */
export function parseReceives(text: string): number {
  if (/^[1-9]\d{0,2}$|^1000$/.test(text)) return Number(text);
  throw new InvalidArgumentError('The value must be a whole number from 1 to 1000.');
}

export interface QueueFlags {
  readonly queue?: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly prefix?: string;
  readonly json?: true;
}

function parsePrefix(text: string): string {
  try {
    withPrefix('', text);
    return text;
  } catch {
    throw new InvalidArgumentError('The value must be letters, digits, hyphens and underscores.');
  }
}

/** Adds `--prefix`. */
export function addPrefixFlag(command: Command): Command {
  return command.option(
    '--prefix <text>',
    'begins the names of queues, as the option queuePrefix does: staging-',
    parsePrefix,
  );
}

const ONE_QUEUE = 'name, URL or ARN of the queue; required unless the IDL names one queue for all methods';
/** Describes `--queue` of a command that takes several queues. */
export const ALL_QUEUES = 'name, URL or ARN of one queue (default: all queues that the IDL names)';

/**
 * Adds `--queue`, `--endpoint`, `--region`, `--prefix` and `--json`.
 *
 * @param queueText describes `--queue`
 */
export function addQueueFlags(command: Command, queueText: string = ONE_QUEUE): Command {
  return addPrefixFlag(command)
    .option('--queue <queue>', queueText)
    .option('--endpoint <url>', 'URL that requests go to (default: AWS_ENDPOINT_URL_SQS or AWS_ENDPOINT_URL, else AWS)')
    .option(
      '--region <region>',
      'region of the queue (default: the region in the URL or ARN, else AWS_REGION or the profile)',
    )
    .option('--json', 'print JSON, for programs');
}

/**
 * Returns the options that open the queue of the flags. Keys and profile come from the environment,
 * as in all AWS tools.
 */
export function queueOptions(queue: string, { endpoint, region }: QueueFlags): SqsQueueOptions {
  return { queue, ...(endpoint !== undefined && { endpoint }), ...(region !== undefined && { region }) };
}

export interface IdlFlags {
  readonly includeDir?: readonly string[];
  readonly allowNegKeys?: true;
}

export interface ContractFlags extends IdlFlags {
  readonly idl?: string;
  readonly service?: readonly string[];
}

/** Gathers the values of an option that may be given several times. */
export function collect(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value];
}

/** Adds `--include-dir` and `--allow-neg-keys`, the options for reading IDL files. */
export function addIdlFlags(command: Command): Command {
  return command
    .option('--include-dir <folder>', 'also look up includes in this folder; may be given several times', collect)
    .option('--allow-neg-keys', 'keep field ids of 0 and below, as the flag of the Apache compiler does');
}

/** Adds `--idl`, `--service` and the options for reading IDL files. */
export function addContractFlags(command: Command): Command {
  command
    .option('--idl <file>', `the IDL of the calls in the queue: ${IDL_FORMS}`)
    .option(
      '--service <name>',
      'a service of the IDL; may be given several times (default: all that the files declare)',
      collect,
    );
  return addIdlFlags(command);
}

/**
 * Loads the services of the flags. Returns none without `--idl`.
 *
 * @throws IdlError as reading an IDL file does
 * @throws CheckFailed no file declares a service, or the service of `--service`
 */
export function loadServices(flags: ContractFlags): readonly ThriftService[] {
  const { idl, service = [], includeDir = [], allowNegKeys = false } = flags;
  if (idl === undefined) return [];
  const options = { includeDirs: includeDir, allowNegativeFieldIds: allowNegKeys };
  const schemas = expandIdlArguments([idl]).files.map((file) => loadSchema(file, options));
  const declared = schemas.flatMap((schema) => declaredBy(schema).map((name) => ({ schema, name })));
  if (service.length > 0) return service.map((name) => findIn(schemas, declared, name));
  if (declared.length === 0) throw new CheckFailed(`${idl} declares no service; name the file that declares one`);
  return declared.map(({ schema, name }) => findService(schema, name));
}

/** Returns the names of the services that the root file of a schema declares. */
function declaredBy({ services, program }: Schema): readonly string[] {
  return [...services.values()].filter(({ id, name }) => id === `${program}.${name}`).map(({ name }) => name);
}

/** @throws CheckFailed none or two of several files declare the service */
function findIn(
  schemas: readonly Schema[],
  declared: readonly { readonly schema: Schema; readonly name: string }[],
  name: string,
): ThriftService {
  const [first, ...others] = schemas;
  // A single file may include the service, and its error says more.
  if (others.length === 0) return findService(first!, name);
  const [found, other] = declared.filter((one) => one.name === name);
  if (other !== undefined) {
    const files = `${found!.schema.files[0]} and ${other.schema.files[0]}`;
    throw new CheckFailed(`${files} both declare the service ${printable(name)}; give one of the files to --idl`);
  }
  if (found !== undefined) return findService(found.schema, name);
  const names = declared.map((one) => one.name).join(', ') || 'none';
  throw new CheckFailed(`no IDL file declares the service ${printable(name)} (services: ${names})`);
}

/** Creates the codec of the services. Undefined without services. */
export function codecOf(services: readonly ThriftService[], options: EventCodecOptions = {}): EventCodec | undefined {
  return services.length === 0 ? undefined : createEventCodec(services, options);
}

/**
 * Returns the queue of `--queue`, or the queue that the IDL names for all methods. Ends the command
 * with a usage error without a queue.
 */
export function queueOf(command: Command, { queue, prefix }: QueueFlags, codec: EventCodec | undefined): string {
  if (queue !== undefined) return withPrefix(queue, prefix);
  const [named, ...others] = codec?.contract.queues() ?? [];
  if (named !== undefined && others.length === 0) return withPrefix(named, prefix);
  const why =
    codec === undefined ? '' : others.length > 0 ? '; the IDL names several queues' : '; the IDL names no queue';
  return command.error(`error: required option '--queue <queue>' not specified${why}`);
}

export interface WrappingFlags {
  readonly snsTopic?: readonly string[];
  readonly bucket?: string;
}

/** Adds `--sns-topic` and `--bucket`. */
export function addWrappingFlags(command: Command): Command {
  return command
    .option('--sns-topic <arn>', 'open SNS envelopes of this topic; may be given several times', collect)
    .option('--bucket <name>', 'read large bodies from this S3 bucket (needs @aws-sdk/client-s3)');
}

/** Returns the options that unwrap envelopes and large bodies. */
export function wrappingOptions({ snsTopic = [], bucket }: WrappingFlags): Partial<SqsQueueOptions> {
  return {
    ...(snsTopic.length > 0 && { envelope: { type: 'sns', topics: snsTopic } }),
    ...(bucket !== undefined && { largePayloads: { bucket } }),
  };
}
