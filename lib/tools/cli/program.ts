import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addCheck } from './commands/check.js';
import { addClear } from './commands/clear.js';
import { addCreate } from './commands/create.js';
import { addDoctor } from './commands/doctor.js';
import { addGenerate } from './commands/generate.js';
import { addInfra } from './commands/infra.js';
import { addLocal } from './commands/local.js';
import { addPeek } from './commands/peek.js';
import { addRedrive } from './commands/redrive.js';
import { addSend } from './commands/send.js';
import { addStats } from './commands/stats.js';
import { addTail } from './commands/tail.js';

/** Lists every command in the order of the help text. Each command has its own file. */
const COMMANDS: readonly ((program: Command) => void)[] = [
  addLocal,
  addGenerate,
  addCreate,
  addInfra,
  addStats,
  addPeek,
  addSend,
  addTail,
  addClear,
  addRedrive,
  addCheck,
  addDoctor,
];

/**
 * Creates the command line of this package. A wrong command line prints its error to stderr and
 * throws a `CommanderError`.
 */
export function createProgram(): Command {
  const program = new Command('nestjs-sqs-thrift')
    .description('Apache Thrift oneway calls over Amazon SQS')
    .version(packageVersion())
    .showHelpAfterError('(add --help for usage)')
    .exitOverride();
  for (const add of COMMANDS) add(program);
  return program;
}

function packageVersion(): string {
  const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
