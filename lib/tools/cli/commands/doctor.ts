import { type Command, InvalidArgumentError, Option } from 'commander';
import { CheckFailed } from '../exit.js';
import { diagnose } from '../doctor/diagnose.js';
import type { Side } from '../doctor/facts.js';
import type { CheckResult, CheckStatus } from '../doctor/check-result.js';
import { gather } from '../doctor/gather.js';
import {
  addContractFlags,
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
import { print } from '../print.js';
import { count, lineText } from '../text.js';

interface DoctorFlags extends QueueFlags, ContractFlags, WrappingFlags {
  readonly for?: Side;
  readonly handlerTimeout?: number;
  readonly sample: number;
}

const MAX_SAMPLE = 1_000;

/** `doctor`: what is wrong around a queue, and what to do about it. */
export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('check access, permissions, settings of the queue, clock, IDL and messages, and say what to fix')
    .addOption(new Option('--for <side>', 'only what this side needs (default: both)').choices(['worker', 'client']))
    .option('--handler-timeout <ms>', 'how long handlers run at most, to compare with the queue', parseTimeout)
    .option('--sample <messages>', 'how many messages to look at, 0 for none', parseSample, 10);
  addQueueFlags(addContractFlags(addWrappingFlags(command)))
    .addHelpText(
      'after',
      `
Prints a line for each check: ok, warn, or FAIL, with what to do. Nothing is changed; the messages of the sample are received, decoded and
put back, which counts as a receive: it ends where another look would leave none for a worker, with a maxReceiveCount of 1 none is looked
at, and for a client none ever is.
Ends with 1 when a check failed.

Example:
  nestjs-sqs-thrift doctor --queue backup --idl idl/backup.thrift --handler-timeout 60000`,
    )
    .action((flags: DoctorFlags) => doctor(command, flags));
}

function parseTimeout(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of milliseconds above 0.');
}

function parseSample(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= MAX_SAMPLE) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${MAX_SAMPLE}.`);
}

async function doctor(command: Command, flags: DoctorFlags): Promise<void> {
  const codec = codecOf(loadServices(flags));
  const queue = queueOf(command, flags, codec);
  const facts = await gather({
    options: { ...queueOptions(queue, flags), ...wrappingOptions(flags) },
    codec,
    sides: flags.for === undefined ? ['client', 'worker'] : [flags.for],
    sample: flags.sample,
    ...(flags.handlerTimeout !== undefined && { handlerTimeoutMs: flags.handlerTimeout }),
  });
  const results = diagnose(facts);
  const counts = { ok: countOf(results, 'ok'), warn: countOf(results, 'warn'), fail: countOf(results, 'fail') };
  const summary = `${count(counts.fail, 'failure')}, ${count(counts.warn, 'warning')}, ${counts.ok} ok`;
  const failed = counts.fail > 0;
  await print(
    flags.json,
    { queue, counts, findings: results },
    [...results.map(line), ...(failed ? [] : [summary])].join('\n'),
  );
  if (failed) throw new CheckFailed(summary);
}

function countOf(results: readonly CheckResult[], status: CheckStatus): number {
  return results.filter((result) => result.status === status).length;
}

const SHOWN: Readonly<Record<CheckStatus, string>> = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' };

/** `warn  redrive: no redrive policy: … Give the queue …`. */
function line({ check, status, text, fix }: CheckResult): string {
  return lineText(`${SHOWN[status]}  ${check}: ${text}${fix === undefined ? '' : `. ${fix}`}`);
}
