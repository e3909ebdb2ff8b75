import type { Command } from 'commander';
import { compareSchemas } from '../../compat/compare-schemas.js';
import { SEVERITIES, type Finding, type Severity } from '../../compat/finding.js';
import { shortPath } from '../../../idl/idl-files.js';
import { loadSchema } from '../../../idl/load-schema.js';
import type { Schema } from '../../../idl/schema.js';
import { endWith, EXIT } from '../exit.js';
import { addIdlFlags, type IdlFlags } from '../flags.js';
import { expandToOne, IDL_FORMS } from '../idl-arguments.js';
import { print } from '../print.js';
import { count, lineText } from '../text.js';

interface CheckFlags extends IdlFlags {
  readonly service?: string;
  readonly json?: true;
}

const EXAMPLE = `
Rates each change: "breaking" (messages are rejected, lost, misread or stranded), "warning" (the change needs care, such as rolling out
consumers first) or "ok". Exit code: 0 if nothing breaks, 1 if something breaks, 2 for a usage error.

Example, the change of an IDL against the main branch:
  git show main:idl/backup.thrift > /tmp/backup.thrift
  nestjs-sqs-thrift check /tmp/backup.thrift idl/backup.thrift --include-dir idl`;

/**
 * Adds `check`, which shows how a change of the IDL affects queued messages and messages between
 * versions.
 */
export function addCheck(program: Command): void {
  const command = program
    .command('check')
    .description('show which changes of an IDL break messages that are queued, or sent while both versions run')
    .argument('<old>', `the old IDL: ${IDL_FORMS} that stands for one file`)
    .argument('<new>', `the new IDL: ${IDL_FORMS} that stands for one file`)
    .option('--service <name>', 'compare only this service (default: all services that the files declare)')
    .option('--json', 'print JSON, for programs');
  addIdlFlags(command)
    .addHelpText('after', EXAMPLE)
    .action((old: string, now: string, flags: CheckFlags) =>
      check(command, [expandToOne(old), expandToOne(now)], flags),
    );
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

/** Ends the command if nothing was compared, because such a check has not passed. */
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
  if (breaking + warning + ok === 0) return `no change affects messages ${where}`;
  const breaks = breaking === 0 ? 'nothing breaks' : count(breaking, 'breaking change');
  return `${breaks}, ${count(warning, 'warning')}, ${count(ok, 'change')} without effect ${where}`;
}
