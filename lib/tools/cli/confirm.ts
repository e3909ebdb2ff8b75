import { createInterface } from 'node:readline';
import { CheckFailed } from './exit.js';

/**
 * Asks a person to agree. Without a terminal, requires `--yes`.
 *
 * @param usage ends the command with a usage error
 * @throws CheckFailed the person did not agree
 */
export async function confirm(question: string, yes: boolean, usage: (message: string) => never): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    usage('error: not on a terminal: add --yes to run without confirmation');
  const answer = await ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CheckFailed('nothing was done');
}

/** Resolves with the answer, which is empty after Ctrl-C or Ctrl-D. */
function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    const unanswered = (): void => {
      process.stderr.write('\n');
      resolve('');
    };
    terminal.once('close', unanswered);
    terminal.question(question, (answer) => {
      terminal.off('close', unanswered);
      terminal.close();
      resolve(answer);
    });
  });
}
