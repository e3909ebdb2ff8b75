import { jsonText } from './text.js';

/**
 * Reports output that could not be written: the pipe is closed, the disk is full, or the text is
 * longer than a string can be.
 */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  readonly code: string | undefined;

  constructor(cause: Error & { readonly code?: string }) {
    super(`the output could not be written: ${cause.message}`, { cause });
    this.code = cause.code;
  }
}

/**
 * Prints the result of a command: JSON in one line for programs, or text for people. Resolves once
 * the output is handed over, so that later steps can rely on it.
 *
 * Rejects with an OutputError.
 *
 * @param text a function if the text is long and should be built only when printed
 */
export async function print(json: boolean | undefined, value: unknown, text: string | (() => string)): Promise<void> {
  const output = json ? written(() => jsonText(value)) : written(() => (typeof text === 'string' ? text : text()));
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(output, (error) => {
      if (error) reject(new OutputError(error));
      else resolve();
    });
  });
}

function written(write: () => string): string {
  try {
    return `${write()}\n`;
  } catch (error) {
    // "Invalid string length"
    if (error instanceof RangeError) throw new OutputError(error);
    throw error;
  }
}

/** Prints a remark beside the result for people. Prints nothing with `--json`. */
export function note(json: boolean | undefined, text: string): void {
  if (!json) console.error(text);
}
