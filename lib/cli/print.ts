import { jsonText } from './text.js';

/** What was to be shown was not: the pipe is closed, or the disk is full. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  readonly code: string | undefined;

  constructor(cause: NodeJS.ErrnoException) {
    super(`the output could not be written: ${cause.message}`, { cause });
    this.code = cause.code;
  }
}

/**
 * Prints the result of a command: JSON in one line for programs, or text for people. Resolves once it is handed over, so that what must
 * have been shown first can be done after.
 *
 * Rejects with an OutputError.
 */
export function print(json: boolean | undefined, value: unknown, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${json ? jsonText(value) : text}\n`, (error) => {
      if (error) reject(new OutputError(error));
      else resolve();
    });
  });
}

/** Tells a person something beside the result; programs are told nothing. */
export function note(json: boolean | undefined, text: string): void {
  if (!json) console.error(text);
}
