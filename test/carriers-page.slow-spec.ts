import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const FOLDER = join('build', 'carriers-page');
const readme = readFileSync('README.md', 'utf8');
const page = readFileSync('docs/carriers.md', 'utf8');

/** Returns the code blocks of a page, by the file name in their first line. */
function blocks(text: string, language: string): ReadonlyMap<string, string> {
  const found = text.matchAll(new RegExp(`\`\`\`${language}\\n// file: (\\S+)\\n([\\s\\S]*?)\`\`\``, 'g'));
  return new Map([...found].map(([, name, block]) => [name!, block!]));
}

/** Applies a diff whose removed lines are each in the text once. Lines are added where the line before was removed. */
function applied(text: string, diff: string): string {
  const lines = text.split('\n');
  let at = 0;
  for (const change of diff.trimEnd().split('\n')) {
    const line = change.slice(1);
    if (change.startsWith('-')) {
      expect(lines.filter((one) => one === line)).toHaveLength(1);
      at = lines.indexOf(line);
      lines.splice(at, 1);
    } else lines.splice(at++, 0, line);
  }
  return lines.join('\n');
}

/** Returns a port that nobody listens at. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const children: ChildProcess[] = [];

function start(name: string): AsyncIterableIterator<string> {
  const env = { ...process.env, PORT: '0' };
  const child = spawn(process.execPath, [join(FOLDER, `${name}.js`)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
}

async function until(lines: AsyncIterableIterator<string>, pattern: RegExp): Promise<RegExpExecArray> {
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const match = pattern.exec(next.value);
    if (match) return match;
  }
  throw new Error(`the program ended before it said ${String(pattern)}`);
}

beforeAll(async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const port = await freePort();
  const programs = blocks(readme, 'ts');
  for (const [name, diff] of blocks(page, 'diff')) {
    const swapped = applied(programs.get(name)!, diff);
    expect(swapped).toContain('port: 9090');
    writeFileSync(join(FOLDER, name), swapped.replace('port: 9090', `port: ${port}`));
  }
  // The other programs of the page are compiled alone: their servers are elsewhere.
  for (const [name, text] of blocks(page, 'ts')) writeFileSync(join(FOLDER, name), text);
  const compilerOptions = { rootDir: '.', outDir: '.', tsBuildInfoFile: '.tsbuildinfo' };
  const config = { extends: '../../tsconfig.programs.json', compilerOptions, include: ['*.ts'], exclude: [] };
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(config));
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', FOLDER], { stdio: 'inherit' });
}, 30_000);

afterAll(async () => {
  for (const child of children.filter(({ exitCode }) => exitCode === null)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

describe('the page on carriers', () => {
  it('changes the import and the strategy or client of a program, and no other line', () => {
    for (const diff of blocks(page, 'diff').values()) {
      expect(diff.match(/^-/gm)).toHaveLength(2);
      expect(diff.match(/^\+/gm)).toHaveLength(3);
    }
  });

  it('shows how the programs of the README work together over sockets', async () => {
    const worker = start('worker');
    await until(worker, /Nest microservice successfully started/);
    const [, url] = await until(start('web'), /^listening on (\S+)/);
    const response = await fetch(`${url}/backups`, { method: 'POST' });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ messageId: expect.stringMatching(/./) });
    await until(worker, /^backup of alice, delivery 1$/);
  });
});
