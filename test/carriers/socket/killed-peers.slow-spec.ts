import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import { closeLater } from './harness.js';

/** Calls under way before a side is killed. */
const BEFORE_KILL = 2_000;

/** A process on one side of a socket, and what it has written. */
class Peer {
  readonly numbers: number[] = [];
  port = 0;
  private readonly process: ChildProcess;
  private readonly ended: Promise<unknown>;
  private readonly waiting: (() => void)[] = [];

  constructor(...args: readonly string[]) {
    this.process = spawn(process.execPath, ['build/test/programs/socket-peer.js', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: this.process.stdout! });
    lines.on('line', (line) => this.note(line));
    this.ended = Promise.all([once(this.process, 'exit'), once(lines, 'close')]);
    closeLater(() => this.process.kill('SIGKILL'));
  }

  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Ends the process, and resolves when everything is read that it wrote. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.process.kill(signal);
    await this.ended;
  }

  private note(line: string): void {
    const [word, number] = line.split(' ');
    if (word === 'port') this.port = Number(number);
    else this.numbers.push(Number(number));
    for (const wake of this.waiting.splice(0)) wake();
  }
}

async function start(): Promise<{ server: Peer; client: Peer }> {
  const server = new Peer('server');
  await server.until(() => server.port > 0);
  const client = new Peer('client', String(server.port));
  await client.until(() => client.numbers.length >= BEFORE_KILL);
  return { server, client };
}

/** Calls that the client counts as taken, and no handler has run. */
function lost({ server, client }: { server: Peer; client: Peer }): number {
  const handled = new Set(server.numbers);
  return client.numbers.filter((n) => !handled.has(n)).length;
}

describe('a socket under load', () => {
  it('loses no call that was taken when the client is killed', async () => {
    const { server, client } = await start();
    await client.end('SIGKILL');
    const most = Math.max(...client.numbers);
    await server.until(() => server.numbers.length >= most - 50 && lost({ server, client }) === 0);
    expect(new Set(server.numbers).size).toBe(server.numbers.length);
  });

  it('loses no call that was taken when the server is stopped by SIGTERM', async () => {
    const peers = await start();
    await peers.server.end('SIGTERM');
    await peers.client.end('SIGKILL');
    expect(lost(peers)).toBe(0);
  });

  it('loses what waits in memory when the server is killed, and handles nothing twice', async () => {
    const peers = await start();
    await peers.server.end('SIGKILL');
    await peers.client.end('SIGKILL');
    expect(lost(peers)).toBeGreaterThan(0);
    expect(new Set(peers.server.numbers).size).toBe(peers.server.numbers.length);
  });
});
