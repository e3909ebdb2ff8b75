import type { Command } from 'commander';
import { compareSchemas } from '../../compat/compare-schemas.js';
import { SEVERITIES, type Finding, type Severity } from '../../compat/finding.js';
import { shortPath } from '../../../idl/idl-files.js';
import { loadSchema } from '../../../idl/load-schema.js';
import type { Schema } from '../../../idl/schema.js';
import { endWith, EXIT } from '../exit.js';
import { addIdlFlags, type IdlFlags } from '../flags.js';
import { print } from '../print.js';
import { count, lineText } from '../text.js';

interface CheckFlags extends IdlFlags {
  readonly service?: string;
  readonly json?: true;
}

const EXAMPLE = `
Each change is "breaking" (messages are rejected, lost, misread or stranded), a "warning" (it takes care, such as rolling out consumers
first) or "ok". Ends with 0 when nothing breaks, with 1 when something does, with 2 when the command was not used right.

Example, the change of an IDL against the main branch:
  git show main:idl/backup.thrift > /tmp/backup.thrift
  nestjs-sqs-thrift check /tmp/backup.thrift idl/backup.thrift --include-dir idl`;

/** `check`: what a change of the IDL does to messages that are in a queue, or between two versions. */
export function addCheck(program: Command): void {
  const command = program
    .command('check')
    .description('tell which changes of an IDL break messages that are queued, or sent while both versions run')
    .argument('<old>', 'the IDL file as it was')
    .argument('<new>', 'the IDL file as it is to be')
    .option('--service <name>', 'this service alone (default: all that the files declare)')
    .option('--json', 'print JSON, for programs');
  addIdlFlags(command)
    .addHelpText('after', EXAMPLE)
    .action((old: string, now: string, flags: CheckFlags) => check(command, [old, now], flags));
}

async function check(command: Command, [old, now]: readonly [string, string], flags: CheckFlags): Promise<void> {
  const options = { includeDirs: flags.includeDir ?? [], allowNegativeFieldIds: flags.allowNegKeys ?? false };
  const schemas = [loadSchema(old, options), loadSchema(now, options)] as const;
  const { methods, findings } = compareSchemas(...schemas, { service: flags.service });
  if (methods.length === 0) refuse(command, schemas, flags);
  const shown = findings.map((finding) => ({ ...finding, file: shortPath(finding.file) }));
  const counts = Object.fromEntries(
    SEVERITIES.map((severity) => [severity, shown.filter((finding) => finding.severity === severity).length]),
  ) as Record<Severity, number>;
  const summary = summarize(methods.length, counts);
  const lines = [...shown.map(lineOf), summary];
  await print(flags.json, { old, new: now, methods, counts, findings: shown }, lines.join('\n'));
  if (counts.breaking > 0) endWith(EXIT.failed);
}

/** A check that has looked at nothing has not passed. */
function refuse(command: Command, schemas: readonly Schema[], { service }: CheckFlags): never {
  const names = new Set(schemas.flatMap(({ services }) => [...services.values()].map(({ name }) => name)));
  const what = service === undefined ? 'oneway method' : `service ${service} with a oneway method`;
  return command.error(`error: neither file has a ${what} (services: ${[...names].join(', ') || 'none'})`);
}

function lineOf({ severity, place, file, change, advice }: Finding): string {
  return lineText(`${severity}: ${place} (${file}): ${change}. ${advice.slice(0, 1).toUpperCase()}${advice.slice(1)}.`);
}

function summarize(methods: number, { breaking, warning, ok }: Record<Severity, number>): string {
  const where = `in ${count(methods, 'oneway method')}`;
  if (breaking + warning + ok === 0) return `nothing that messages notice has changed ${where}`;
  const breaks = breaking === 0 ? 'nothing breaks' : count(breaking, 'breaking change');
  return `${breaks}, ${count(warning, 'warning')}, ${count(ok, 'change')} without effect ${where}`;
}
