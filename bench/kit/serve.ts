import { cpuTime } from './cost.js';

/** A command of the parent process. The child answers each by its number. */
export interface Command {
  readonly number: number;
  readonly name: string;
  readonly argument: unknown;
}

/** Answers a command. The first answer has the number 0: the child has loaded. */
export type Answer =
  { readonly number: number; readonly value: unknown } | { readonly number: number; readonly error: string };

/** Maps names of commands to functions. An answer waits for the promise of its function. */
export type Commands = Readonly<Record<string, (argument: never) => unknown>>;

/**
 * Obeys the commands of the parent process. By convention `start` takes the options of the program,
 * and `run` performs one sample. `cpu` and `rss` need no function. `stop` runs the function of that
 * name, if there is one, and ends the process.
 */
export function serve(commands: Commands): void {
  const all: Commands = { cpu: cpuTime, rss: () => process.memoryUsage.rss(), stop: () => undefined, ...commands };
  const answer = (message: Answer): Promise<void> =>
    new Promise((resolve) => process.send!(message, undefined, undefined, () => resolve()));
  const obey = async ({ number, name, argument }: Command): Promise<void> => {
    try {
      const command = all[name];
      if (command === undefined) throw new Error(`there is no command "${name}"`);
      await answer({ number, value: await command(argument as never) });
    } catch (error) {
      await answer({ number, error: error instanceof Error ? error.stack! : String(error) });
    }
    if (name === 'stop') process.exit(0);
  };
  process.on('message', (command: Command) => void obey(command));
  process.on('disconnect', () => process.exit(0));
  void answer({ number: 0, value: true });
}
