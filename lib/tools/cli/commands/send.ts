import { fieldOf } from '../../../common/own-field.js';
import { text } from 'node:stream/consumers';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { EventCodec } from '../../../event/event-codec.js';
import { Publisher } from '../../../publish/publisher.js';
import { resolvePublishOptions } from '../../../publish/publish-options.js';
import type { SendOptions } from '../../../publish/outgoing-message.js';
import { systemClock } from '../../../queue/clock.js';
import { withPrefix } from '../../../queue/derived-names.js';
import { openSqsQueue } from '../../../carriers/sqs/open-sqs-queue.js';
import type { ProtocolName } from '../../../thrift/protocol.js';
import {
  addContractFlags,
  addQueueFlags,
  codecOf,
  collect,
  type ContractFlags,
  loadServices,
  type QueueFlags,
  queueOptions,
} from '../flags.js';
import { argsFromJson } from '../message/from-json.js';
import { note, print } from '../print.js';
import { printable } from '../../../common/printable.js';

interface SendFlags extends QueueFlags, ContractFlags {
  readonly protocol: ProtocolName;
  readonly multiplexed?: true;
  readonly attribute?: readonly string[];
  readonly group?: string;
  readonly dedup?: string;
  readonly delay?: number;
}

/** Adds `send`, which sends one call to a queue. */
export function addSend(program: Command): void {
  const command = program
    .command('send')
    .description('encode one call and send it')
    .argument('<method>', 'oneway method of the IDL: name, or Service:name')
    .argument('<json>', 'arguments by name, as JSON; "-" reads them from standard input')
    .addOption(
      new Option('--protocol <name>', 'protocol of the call').choices(['binary', 'compact', 'json']).default('binary'),
    )
    .option('--multiplexed', 'name the service in the message, as TMultiplexedProtocol does')
    .option('--attribute <name=value>', 'message attribute; may be given several times', collectAttribute)
    .option('--group <id>', 'message group id (default: from the IDL)')
    .option('--dedup <id>', 'deduplication id, for FIFO queues (default: from the IDL)')
    .option('--delay <seconds>', 'time until the call is visible, 0 to 900 (default: from the IDL)', parseDelay);
  addQueueFlags(addContractFlags(command))
    .addHelpText(
      'after',
      `
Write i64 beyond 53 bits in quotes, binary in base64, enums by name, maps as objects or as arrays of pairs.

Example:
  nestjs-sqs-thrift send startBackup '{"request":{"id":"b1","userId":"alice","requestedAt":0}}' \\
    --queue backup --idl idl/backup.thrift --service BackupQueue`,
    )
    .action((method: string, json: string, flags: SendFlags) => send(command, method, json, flags));
}

function collectAttribute(value: string, values?: readonly string[]): readonly string[] {
  if (!/^[^=]+=./s.test(value))
    throw new InvalidArgumentError('The attribute must be name=value, with a value that is not empty.');
  return collect(value, values);
}

function parseDelay(value: string): number {
  if (/^\d+$/.test(value) && Number(value) <= 900) return Number(value);
  throw new InvalidArgumentError('The value must be a whole number of seconds from 0 to 900.');
}

async function send(command: Command, method: string, json: string, flags: SendFlags): Promise<void> {
  const { protocol, multiplexed = false } = flags;
  const codec = codecOf(loadServices(flags), { protocol, multiplexed });
  if (codec === undefined) return command.error("error: required option '--idl <file>' not specified");
  checkOwners(command, codec, method, multiplexed);
  const { fn, service, route } = codec.contract.resolve(method);
  const name = withPrefix(flags.queue ?? route.queue, flags.prefix);
  if (name === undefined) {
    return command.error(
      `error: required option '--queue <queue>' not specified; the IDL names no queue for ${fn.name}`,
    );
  }
  const args = argsFromJson(
    parseJson(command, json === '-' ? await text(process.stdin) : json),
    fn.args,
    service.schema,
  );
  const unset = fn.args.fields.filter(
    ({ name: field, defaultValue }) => fieldOf(args, field) === undefined && defaultValue === undefined,
  );
  if (unset.length > 0) note(flags.json, `not set: ${unset.map((field) => field.name).join(', ')}`);
  const publisher = open(codec, name, flags);
  try {
    const messageId = await publisher.publish({ service: service.name, method: fn.name, args }, beside(flags));
    await print(flags.json, { queue: name, messageId }, `stored as ${messageId} in ${name}`);
  } finally {
    await publisher.close();
  }
}

/** Ends the command if the message could not tell which service is meant. */
function checkOwners(command: Command, { contract }: EventCodec, method: string, multiplexed: boolean): void {
  const name = method.slice(method.indexOf(':') + 1);
  const owners = contract.find(name).map(({ service }) => service.name);
  if (multiplexed || owners.length < 2) return;
  command.error(
    `error: ${owners.join(' and ')} declare ${printable(name)}, and the message would not name the service. ` +
      'Add --multiplexed and send Service:name, or choose one service with --service',
  );
}

function parseJson(command: Command, json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    return command.error(`error: the arguments are not JSON: ${(error as Error).message}`);
  }
}

/**
 * Opens the same publisher as applications, with the same checks of sizes, groups and deduplication
 * ids. Gives up at the first failure.
 */
function open(codec: EventCodec, name: string, flags: SendFlags): Publisher {
  return new Publisher({
    open: () => openSqsQueue(queueOptions(name, flags)),
    body: 'text',
    codec,
    clock: systemClock,
    report: () => undefined,
    options: resolvePublishOptions({ deliveryTimeoutMs: 0 }),
  });
}

function beside({ attribute = [], group, dedup, delay }: SendFlags): SendOptions {
  const pairs = attribute.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
  return {
    ...(pairs.length > 0 && { attributes: Object.fromEntries(pairs) }),
    ...(group !== undefined && { groupId: group }),
    ...(dedup !== undefined && { deduplicationId: dedup }),
    ...(delay !== undefined && { delaySeconds: delay }),
  };
}
