import { CommanderError } from 'commander';
import { GenerateError } from '../generate/generate-error.js';
import { IdlError } from '../idl/errors.js';
import { CheckFailed } from './check-failed.js';
import { createProgram } from './program.js';

/** How a command ended: well, with a failure that it reported, or without having started because it was not used right. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/**
 * Runs a command line, without the names of Node and of the program. What went wrong is on stderr.
 *
 * @returns the exit code, one of {@link EXIT}
 */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    console.error(explain(error));
    return EXIT.failed;
  }
}

/** Errors that are meant for the one who typed the command are their message alone; others are defects, and show where. */
function explain(error: unknown): string {
  const expected = error instanceof IdlError || error instanceof GenerateError || error instanceof CheckFailed;
  if (expected || isSystemError(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
