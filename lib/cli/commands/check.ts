import type { Command } from 'commander';
import { compareSchemas, type Comparison } from '../../compat/compare-schemas.js';
import { VERDICTS, type Finding, type Verdict } from '../../compat/finding.js';
import { shortPath } from '../../idl/idl-files.js';
import { loadSchema } from '../../idl/load-schema.js';
import { CheckFailed } from '../check-failed.js';

interface CheckFlags {
  readonly service?: string;
  readonly json?: true;
  readonly includeDir: readonly string[];
  readonly allowNegKeys?: true;
}

const EXAMPLE = `
A finding is "breaking" (messages are rejected, lost or misread), a "warning" (care is needed, such as rolling out consumers first) or
"ok". Exit code 0: nothing breaks, 1: something does, 2: the command was not used right.

Example, before a change of the IDL is merged:
  $ git show main:idl/backup.thrift > /tmp/backup.thrift
  $ nestjs-sqs-thrift check /tmp/backup.thrift idl/backup.thrift --include-dir idl`;

/** `check`: what a change of the IDL does to messages that are in a queue, or between two versions. */
export function addCheck(program: Command): void {
  program
    .command('check')
    .description('tell which changes of an IDL break messages that are still queued, or sent while both versions run')
    .argument('<old>', 'the IDL file as it was')
    .argument('<new>', 'the IDL file as it is to be')
    .option('--service <name>', 'this service alone; without it those that the files declare')
    .option('--json', 'findings for programs, as JSON')
    .option('--include-dir <folder>', 'look up includes there as well; may be given several times', collect, [])
    .option('--allow-neg-keys', 'keep field ids of 0 and below, as the flag of the Apache compiler does')
    .addHelpText('after', EXAMPLE)
    .action((old: string, now: string, flags: CheckFlags, command: Command) => check([old, now], flags, command));
}

function collect(folder: string, folders: readonly string[]): readonly string[] {
  return [...folders, folder];
}

function check(files: readonly [old: string, now: string], flags: CheckFlags, command: Command): void {
  const options = { includeDirs: flags.includeDir, allowNegativeFieldIds: flags.allowNegKeys ?? false };
  const [before, after] = [loadSchema(files[0], options), loadSchema(files[1], options)];
  const comparison = compareSchemas(before, after, { service: flags.service });
  if (comparison.methods.length === 0) {
    // A check that looked at nothing has not passed.
    const names = [
      ...new Set([before, after].flatMap(({ services }) => [...services.values()].map(({ name }) => name))),
    ];
    const what = flags.service === undefined ? 'oneway method' : `service "${flags.service}" with a oneway method`;
    command.error(`error: neither file has a ${what} (services: ${names.join(', ') || 'none'})`);
  }
  const findings = comparison.findings.map((finding) => ({ ...finding, file: shortPath(finding.file) }));
  const counts = Object.fromEntries(
    VERDICTS.map((verdict) => [verdict, findings.filter((finding) => finding.verdict === verdict).length]),
  ) as Record<Verdict, number>;
  if (flags.json) {
    const [old, now] = files;
    console.log(JSON.stringify({ old, new: now, methods: comparison.methods, counts, findings }, undefined, 2));
  } else {
    for (const finding of findings) console.log(line(finding));
  }
  const summary = summarize(comparison, counts);
  if (counts.breaking > 0) throw new CheckFailed(summary);
  if (!flags.json) console.log(summary);
}

function line({ verdict, place, file, change, advice }: Finding): string {
  return `${verdict}: ${place} (${file}): ${change}. ${advice.slice(0, 1).toUpperCase()}${advice.slice(1)}.`;
}

function summarize({ methods }: Comparison, { breaking, warning, ok }: Record<Verdict, number>): string {
  const of = `in ${count(methods.length, 'oneway method')}`;
  if (breaking + warning + ok === 0) return `nothing that messages notice has changed ${of}`;
  const breaks = breaking === 0 ? 'nothing breaks' : count(breaking, 'breaking change');
  return `${breaks}, ${count(warning, 'warning')}, ${ok} without effect on messages ${of}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
