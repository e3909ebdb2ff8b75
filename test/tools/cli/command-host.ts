import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterAll } from '@jest/globals';

/** Describes a command with all that a process gets when it starts. */
export interface HostedCommand {
  readonly args: readonly string[];
  readonly input: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
}

/** Describes the end of a command. Texts have no last line break. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let host: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

afterAll(async () => {
  await last;
  if (host?.connected !== true) return;
  const exit = once(host, 'exit');
  host.disconnect();
  await exit;
});

/**
 * Runs a command in the one process that all commands of a suite share, after the commands before it. Saves the start of Node
 * and of the AWS SDK.
 */
export function runHosted(command: HostedCommand): Promise<Ended> {
  const ended = last.then(() => ask(command));
  last = ended.catch(() => undefined);
  return ended;
}

async function ask(command: HostedCommand): Promise<Ended> {
  host ??= start();
  const answered = once(host, 'message') as Promise<[Ended | { readonly defect: string }]>;
  host.send(command);
  const [ended] = await answered;
  if ('defect' in ended) throw new Error(ended.defect);
  return ended;
}

function start(): ChildProcess {
  const child = fork(resolve('test', 'tools', 'cli', 'run-commands.mjs'), {
    execArgv: ['--no-warnings'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = (code: number | null): boolean => child.emit('message', { defect: `the process ended with ${code}` });
  return child.once('exit', ended);
}
