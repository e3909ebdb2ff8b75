import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { build, thriftCompiler } from '../../sample/05-other-languages/peer.js';
import { describeReady } from './describe-ready.js';

const readme = readFileSync('sample/05-other-languages/python/README.md', 'utf8');
const script = /## From an empty folder [\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)![1]!;

/** Each command with the file it writes, if it does. */
const commands = [...script.matchAll(/^\S.* <<'EOF'\n[\s\S]*?^EOF$|^\S.*$/gm)].map(([command]) => command);

/**
 * Replaces npm in the commands. The package comes not from a registry, but from a local pack of the
 * same content.
 */
function writeNpm(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const pack = ['pack', '--json', '--silent', '--pack-destination', folder];
  const [packed] = JSON.parse(execFileSync('npm', pack, { encoding: 'utf8' })) as [{ filename: string }];
  const npm = execFileSync('bash', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
  const tarball = join(folder, packed.filename);
  writeFileSync(join(bin, 'npm'), `#!/usr/bin/env bash\nexec '${npm}' "\${@/#nestjs-sqs-thrift/${tarball}}"\n`);
  chmodSync(join(bin, 'npm'), 0o755);
  return bin;
}

describeReady('From an empty folder to a Python message handled by Nest', build('python'), () => {
  let folder: string;
  let shell: ChildProcess;
  let lines: Interface;
  let closed: Promise<unknown>;
  const said: string[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'empty-folder-'));
    const path = [writeNpm(folder), dirname(thriftCompiler()), process.env['PATH']].join(delimiter);
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    // In a group of its own, so that the worker in its background ends with it.
    shell = spawn('bash', ['-e'], {
      cwd: empty,
      env: { ...process.env, PATH: path, npm_config_prefer_offline: 'true' },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    closed = once(shell, 'close');
    shell.stderr!.on('data', (complaint: Buffer) => said.push(String(complaint)));
    lines = createInterface({ input: shell.stdout! });
    lines.on('line', (line) => said.push(line));
  });

  afterAll(async () => {
    try {
      process.kill(-shell.pid!, 'SIGKILL');
    } catch (error) {
      // Nothing is left of the group if a command failed before the worker was there.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    await closed;
    rmSync(folder, { recursive: true, force: true });
  });

  async function until(pattern: RegExp): Promise<void> {
    const ended = once(shell, 'exit').then(() => {
      throw new Error(`the shell ended before anything said ${String(pattern)}: ${said.join('\n')}`);
    });
    ended.catch(() => undefined);
    while (!said.some((line) => pattern.test(line))) await Promise.race([once(lines, 'line'), ended]);
  }

  it('ten commands of the README lead from an empty folder to a handled message', async () => {
    expect(commands).toHaveLength(10);
    for (const command of commands) expect(command.split('\n')[0]).not.toMatch(/[;|]|&&/);
    const started = commands.findIndex((command) => command.endsWith('&')) + 1;
    shell.stdin!.write(`${commands.slice(0, started).join('\n')}\n`);
    await until(/Nest microservice successfully started/);
    shell.stdin!.write(`${commands.slice(started).join('\n')}\n`);
    await until(/^backup of alice, asked for at \d{13}$/);
  }, 600_000);
});
