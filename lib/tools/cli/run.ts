import { CommanderError } from 'commander';
import { ContractError, MalformedEventError } from '../../event/event-error.js';
import { GenerateError } from '../generate/generate-options.js';
import { IdlError } from '../../idl/errors.js';
import { PublishError } from '../../publish/publish-error.js';
import { QueueError } from '../../queue/queue-error.js';
import { ThriftCodecError } from '../../thrift/errors.js';
import { CheckFailed, EXIT } from './exit.js';
import { JsonArgumentError } from './message/from-json.js';
import { OutputError } from './print.js';
import { createProgram } from './program.js';
import { errorText } from './text.js';

/**
 * Runs a command line, given without the names of Node and the program. Prints errors to stderr.
 *
 * @returns the exit code, one of {@link EXIT}, unless the command has set the code itself
 */
export async function run(args: readonly string[]): Promise<number | undefined> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return undefined;
  } catch (error) {
    // The reader has closed the pipe, as in `tail … | head -1`.
    if (error instanceof OutputError && error.code === 'EPIPE') return EXIT.ok;
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    console.error(errorText(explain(error)));
    return EXIT.failed;
  }
}

/** Lists the errors that the user of the command can fix. */
const EXPECTED = [
  CheckFailed,
  ContractError,
  GenerateError,
  IdlError,
  JsonArgumentError,
  MalformedEventError,
  OutputError,
  PublishError,
  QueueError,
  ThriftCodecError,
] as const;

/** Formats an error. An error for the user is its message alone; a defect keeps its stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isSystemError(error) || EXPECTED.some((expected) => error instanceof expected)) return error.message;
  return error.stack ?? error.message;
}

function isSystemError(error: Error): error is NodeJS.ErrnoException {
  return typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
