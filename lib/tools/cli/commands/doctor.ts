import { type Command, InvalidArgumentError, Option } from 'commander';
import type { EventCodec } from '../../../event/event-codec.js';
import { withPrefix } from '../../../queue/derived-names.js';
import { CheckFailed } from '../exit.js';
import { diagnose } from '../doctor/diagnose.js';
import type { Side } from '../doctor/facts.js';
import type { CheckResult, CheckStatus } from '../doctor/check-result.js';
import { gather } from '../doctor/gather.js';
import {
  addContractFlags,
  ALL_QUEUES,
  addQueueFlags,
  addWrappingFlags,
  codecOf,
  type ContractFlags,
  loadServices,
  type QueueFlags,
  queueOf,
  queueOptions,
  type WrappingFlags,
  wrappingOptions,
} from '../flags.js';
import { type InfrastructurePlan, planInfrastructure } from '../infra/plan-infrastructure.js';
import { readInfraOptions } from '../infra/read-options.js';
import { print } from '../print.js';
import { count, lineText } from '../text.js';

interface DoctorFlags extends QueueFlags, ContractFlags, WrappingFlags {
  readonly for?: Side;
  readonly handlerTimeout?: number;
  readonly sample: number;
  readonly options?: string;
}

const MAX_SAMPLE = 1_000;

/** Adds `doctor`, which finds faults around a queue and gives advice. */
export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('check access, permissions, queue settings, clock, IDL and messages, and give advice')
    .addOption(
      new Option('--for <side>', 'check only the needs of this side (default: both)').choices(['worker', 'client']),
    )
    .option('--handler-timeout <ms>', 'longest time that handlers run, to compare with the queue', parseTimeout)
    .option('--options <file>', 'options of infra: compare queues with its output, and check S3, SNS and dead letters')
    .option('--sample <messages>', 'number of messages to look at, 0 for none', parseSample, 10);
  addQueueFlags(addContractFlags(addWrappingFlags(command)), ALL_QUEUES)
    .addHelpText(
      'after',
      `
Prints a line for each check: ok, warn or FAIL, with advice. The command changes nothing. It receives, decodes and releases the messages of
the sample, which counts as a receive. The sample ends if another look would leave no receive for a worker. The command looks at no
message if maxReceiveCount is 1, or for a client.
Without --queue the command checks each queue that the IDL names. Exit code: 1 if a check fails.

Example:
  nestjs-sqs-thrift doctor --queue backup --idl idl/backup.thrift --handler-timeout 60000`,
    )
    .action((flags: DoctorFlags) => doctor(command, flags));
}

function parseTimeout(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('The value must be a whole number of milliseconds above 0.');
}

function parseSample(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= MAX_SAMPLE) return Number(text);
  throw new InvalidArgumentError(`The value must be a whole number from 0 to ${MAX_SAMPLE}.`);
}

async function doctor(command: Command, flags: DoctorFlags): Promise<void> {
  const codec = codecOf(loadServices(flags));
  const queues = queuesOf(command, flags, codec);
  const plan = planOf(command, flags, codec);
  let failed: string | undefined;
  for (const queue of queues) {
    const results = await examine(queue, codec, flags, plan);
    const counts = { ok: countOf(results, 'ok'), warn: countOf(results, 'warn'), fail: countOf(results, 'fail') };
    const summary = `${count(counts.fail, 'failure')}, ${count(counts.warn, 'warning')}, ${counts.ok} ok`;
    const isOne = queues.length === 1;
    const lines = [
      ...(isOne ? [] : [`queue ${queue}`]),
      ...results.map(line),
      ...(isOne && counts.fail > 0 ? [] : [summary]),
    ];
    await print(flags.json, { queue, counts, findings: results }, lines.join('\n'));
    if (counts.fail > 0) failed = isOne ? summary : 'a queue has failures';
  }
  if (failed !== undefined) throw new CheckFailed(failed);
}

/** Returns the queue of `--queue`, or all queues that the IDL names. */
function queuesOf(command: Command, flags: DoctorFlags, codec: EventCodec | undefined): readonly string[] {
  const named = flags.queue === undefined ? [...(codec?.contract.queues() ?? [])] : [];
  const names = named.filter((name) => name !== undefined);
  if (names.length < 2 || names.length < named.length) return [queueOf(command, flags, codec)];
  return names.map((name) => withPrefix(name, flags.prefix));
}

/** Plans the resources of `infra` for `--options`. Other flags are those of the options where both exist. */
function planOf(command: Command, flags: DoctorFlags, codec: EventCodec | undefined): InfrastructurePlan | undefined {
  const { options: file, queue, prefix, handlerTimeout } = flags;
  if (file === undefined) return undefined;
  if (codec === undefined) return command.error("error: option '--options <file>' needs '--idl <file>'");
  const given = readInfraOptions(file);
  const isOpen = codec.contract.queues().has(undefined);
  const named = isOpen && queue !== undefined ? { queue } : {};
  const flagged = {
    ...named,
    ...(prefix !== undefined && { queuePrefix: prefix }),
    ...(handlerTimeout !== undefined && { handlerTimeoutMs: handlerTimeout }),
  };
  return planInfrastructure(command, codec.contract, { ...given, ...flagged }, file);
}

async function examine(
  queue: string,
  codec: EventCodec | undefined,
  flags: DoctorFlags,
  plan: InfrastructurePlan | undefined,
): Promise<readonly CheckResult[]> {
  const facts = await gather({
    options: { ...queueOptions(queue, flags), ...wrappingOptions(flags) },
    codec,
    sides: flags.for === undefined ? ['client', 'worker'] : [flags.for],
    sample: flags.sample,
    ...(flags.handlerTimeout !== undefined && { handlerTimeoutMs: flags.handlerTimeout }),
    ...(flags.prefix !== undefined && { prefix: flags.prefix }),
    ...(plan !== undefined && { plan }),
  });
  return diagnose(facts);
}

function countOf(results: readonly CheckResult[], status: CheckStatus): number {
  return results.filter((result) => result.status === status).length;
}

const SHOWN: Readonly<Record<CheckStatus, string>> = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' };

/** Formats a result as `warn  redrive: no redrive policy: … Give the queue …`. */
function line({ check, status, text, fix }: CheckResult): string {
  return lineText(`${SHOWN[status]}  ${check}: ${text}${fix === undefined ? '' : `. ${fix}`}`);
}
