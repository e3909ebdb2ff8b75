import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';

/** Folders of server programs, which the `PATH` of an ordinary user lacks. */
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

/** Returns the folders that programs are searched in. */
export function programFolders(): readonly string[] {
  return [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), ...SERVER_FOLDERS];
}

/** Searches folders for a program. Returns undefined if none of them has it. */
export function findProgram(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Returns ports of the loopback interface that were free a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** A server program that runs as a child of this process. */
export interface ServerProcess {
  readonly pid: number;
  /** Ends the program, and resolves when the process is gone. */
  readonly stop: () => Promise<void>;
}

/** Describes how a server program starts. */
export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Text of the line by which the program says that it accepts connections. */
  readonly ready: string;
}

const START_MS = 60_000;
const STOP_MS = 15_000;

/**
 * Starts a server program and resolves when it accepts connections.
 *
 * @throws Error with the output of a program that ends early, or that is not ready in time
 */
export async function startServer({ program, args, env, cwd, ready }: ServerCommand): Promise<ServerProcess> {
  const child = spawn(program, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
  // No server outlives a benchmark that ends in the middle, which signals alone would not report.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    if (!process.listeners(signal).includes(exit)) process.once(signal, exit);
  }
  const killed = (): boolean => child.kill('SIGKILL');
  process.once('exit', killed);
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve(void process.off('exit', killed))));
  const stop = (): Promise<void> => end(child, exited);
  try {
    await seen(child, ready);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid!, stop };
}

/** Resolves when the output has a text. */
function seen(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string): void => reject(new Error(`${child.spawnfile} ${why}:\n${output}`));
    const timer = setTimeout(() => fail(`was not ready after ${START_MS / 1000} s`), START_MS);
    const read = (chunk: Buffer): void => {
      output = `${output}${chunk.toString()}`.slice(-100_000);
      if (!output.includes(text)) return;
      clearTimeout(timer);
      for (const stream of [child.stdout!, child.stderr!]) stream.off('data', read).resume();
      resolve();
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(timer);
      fail('ended');
    });
  });
}

/** Ends this process with the functions that wait for its end. */
function exit(): void {
  process.exit(1);
}

async function end(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(timer);
}
