import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const run = promisify(execFile);

const FILES = ['carriers/sqs/lean/load-pool.js', 'common/optional-package.js'];
const POOL_FILE = 'lib/dispatcher/pool.js';
const ROOT = "exports.Pool = class Pool { static from = 'root'; };";

/** The two builds, with the type of their files. */
const BUILDS = [
  ['dist', 'module'],
  ['dist/cjs/lib', 'commonjs'],
] as const;

describe.each(BUILDS)('loadPool of %s', (build, type) => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'load-pool-'));
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type }));
    for (const file of FILES) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await cp(join(build, file), join(folder, file));
    }
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Returns where the class comes from, with a package undici that has these files, or without the package. */
  async function poolFrom(files?: Readonly<Record<string, string>>, exports?: object): Promise<string> {
    const manifest = JSON.stringify({ name: 'undici', main: 'index.js', exports });
    for (const [path, text] of Object.entries(files ? { 'package.json': manifest, ...files } : {})) {
      const file = join(folder, 'node_modules/undici', path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    const script = `import('./${FILES[0]}').then(({ loadPool }) => loadPool()).then((Pool) => console.log(Pool.from), ({ code }) => console.log(code))`;
    const { stdout } = await run(process.execPath, ['-e', script], { cwd: folder });
    return stdout.trim();
  }

  it('takes the class from its own file', async () => {
    const files = { 'index.js': ROOT, [POOL_FILE]: "module.exports = class Pool { static from = 'file'; };" };
    expect(await poolFrom(files)).toBe('file');
  });

  it('takes the class from the root if the file has moved', async () => {
    expect(await poolFrom({ 'index.js': ROOT })).toBe('root');
  });

  it('takes the class from the root if the package hides its files', async () => {
    const files = { 'index.js': ROOT, [POOL_FILE]: "module.exports = class Pool { static from = 'file'; };" };
    expect(await poolFrom(files, { '.': './index.js' })).toBe('root');
  });

  it('takes the class from the root if the file exports something else', async () => {
    expect(await poolFrom({ 'index.js': ROOT, [POOL_FILE]: 'module.exports = { Pool: class {} };' })).toBe('root');
  });

  it('takes the class from the default export of a bundled root', async () => {
    // Node finds no names behind a variable, as in the chunks of a bundle.
    const hidden = "const parts = {}; parts.Pool = class Pool { static from = 'root'; }; module.exports = parts;";
    expect(await poolFrom({ 'index.js': hidden })).toBe('root');
  });

  it('rejects without the package', async () => {
    expect(await poolFrom()).toBe('ERR_MODULE_NOT_FOUND');
  });
});
