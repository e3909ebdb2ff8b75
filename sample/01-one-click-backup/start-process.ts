import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Describes a running process and its ready line. */
export interface Started {
  readonly pid: number | undefined;
  readonly message: string;
  /** Sends SIGTERM and waits for the end. */
  readonly stop: () => Promise<unknown>;
}

/** Starts a module in its own process and waits for its ready line. */
export async function startProcess(module: URL, env: NodeJS.ProcessEnv): Promise<Started> {
  // The process has its own group, so that Ctrl+C reaches only the parent, which stops its children
  // in order.
  const child = fork(fileURLToPath(module), { env, detached: true });
  const exited = once(child, 'exit');
  const message = await Promise.race([
    once(child, 'message').then(([text]) => String(text)),
    exited.then(([code]) =>
      Promise.reject(new Error(`${fileURLToPath(module)} ended with code ${code} before it was ready`)),
    ),
  ]);
  return {
    pid: child.pid,
    message,
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}
