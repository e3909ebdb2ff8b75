import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Command } from './serve.js';

/** A program of the benchmark in its own process, which calls `serve`. */
export interface Child {
  readonly pid: number;
  /** Sends a command and returns its answer. Several commands may wait for their answers. */
  readonly ask: <Value>(name: string, argument?: unknown) => Promise<Value>;
  /** Returns the CPU time of the process so far, in µs. */
  readonly cpu: () => Promise<number>;
  /** Rejects when the process has ended. Never resolves. */
  readonly ended: Promise<never>;
  /** Ends the process. Resolves when it has ended. */
  readonly stop: () => Promise<void>;
}

export interface ChildOptions {
  /** Options for Node, for example `--expose-gc`. */
  readonly execArgv?: readonly string[];
  /** Environment variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Variables that keep the SDK from writing its warning about Node 20. */
export const QUIET = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Starts a program. Resolves when it has loaded. Its standard output goes to standard error. */
export async function startChild(program: URL, { execArgv = [], env = {} }: ChildOptions = {}): Promise<Child> {
  const path = fileURLToPath(program);
  const child = fork(path, {
    execArgv: [...execArgv],
    env: { ...process.env, ...QUIET, ...env },
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const waiting = new Map<number, Waiting>();
  let commands = 0;
  const expect = (number: number): Promise<unknown> =>
    new Promise((resolve, reject) => waiting.set(number, { resolve, reject }));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ended = expect(-1) as Promise<never>;
  ended.catch(() => undefined);
  const fail = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  child.once('error', fail);
  child.once('exit', (code, signal) => fail(new Error(`${path} ended with ${code ?? signal}`)));
  child.on('message', (answer: Answer) => {
    const command = waiting.get(answer.number);
    waiting.delete(answer.number);
    if ('error' in answer) command?.reject(new Error(`${path}: ${answer.error}`));
    else command?.resolve(answer.value);
  });
  await expect(0);

  function ask<Value>(name: string, argument?: unknown): Promise<Value> {
    commands += 1;
    const answer = expect(commands) as Promise<Value>;
    child.send({ number: commands, name, argument } satisfies Command);
    return answer;
  }
  return {
    pid: child.pid!,
    ask,
    cpu: () => ask('cpu'),
    ended,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) await ask('stop');
      await exited;
    },
  };
}
