import { createInterface } from 'node:readline/promises';
import { CheckFailed } from './check-failed.js';

/**
 * Asks a person to agree. Where nobody can be asked, `--yes` must have been given.
 *
 * @param usage ends the command with a usage error
 * @throws CheckFailed they did not agree
 */
export async function confirm(question: string, yes: boolean, usage: (message: string) => never): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) usage('error: not on a terminal: add --yes to do it unasked');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new CheckFailed('nothing was done');
  } finally {
    terminal.close();
  }
}
