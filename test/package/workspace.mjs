/** Where the cells run: a folder outside the checkout, with no node_modules in any folder above. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Kept between runs, so that a project is installed once. */
export const workspace = join(tmpdir(), 'nestjs-sqs-thrift-package');

for (let folder = workspace; ; folder = dirname(folder)) {
  if (existsSync(join(folder, 'node_modules')))
    throw new Error(`${folder} has node_modules, so the package would not be alone; set TMPDIR to another folder`);
  if (folder === dirname(folder)) break;
}

/** What npm sets for its scripts would reach the npm and the Node of the cells. */
const inherited = Object.entries(process.env).filter(
  ([name]) => !/^(npm_|NODE_OPTIONS$|NODE_PATH$|INIT_CWD$|JEST_WORKER_ID$)/i.test(name),
);
const environment = {
  ...Object.fromEntries(inherited),
  CI: 'true',
  NO_COLOR: '1',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

const TIMEOUT_MS = 300_000;

/** Runs a program to its end. Resolves with its output, and rejects with its output if it fails. */
export function run(command, args, { cwd, env = {} }) {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...environment, ...env }, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 };
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const output = `${stdout}\n${stderr}`.trim();
      reject(new Error(`${[command, ...args].join(' ')} failed in ${cwd}: ${error.code ?? error.signal}\n${output}`));
    });
  });
}

export const npm = (args, cwd) => run('npm', args, { cwd });

/** Writes files given by path and text. An object becomes JSON. */
export function write(folder, files) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(
      join(folder, path),
      typeof content === 'string' ? content : `${JSON.stringify(content, undefined, 2)}\n`,
    );
  }
}

/** Resolves with the path of the newest Node of a major version. The npm package `node` brings it. */
export async function nodeOf(major) {
  if (process.version.startsWith(`v${major}.`)) return process.execPath;
  mkdirSync(workspace, { recursive: true });
  const print = ['node', '-p', 'process.execPath'];
  const path = await npm(['exec', '--yes', '--prefer-offline', `--package=node@${major}`, '--', ...print], workspace);
  return path.trim().split('\n').at(-1);
}

const PLAIN = ['--no-audit', '--no-fund', '--no-progress', '--prefer-offline', '--loglevel=error'];

/**
 * Installs a project with npm, the packed package included. What the registry brings is installed
 * once, and the package anew in each run.
 */
export async function install(name, manifest, tarball) {
  const folder = join(workspace, name);
  const hash = createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
  const stamp = join(folder, '.installed');
  const wanted = `${hash} ${createHash('sha256').update(readFileSync(tarball)).digest('hex')}`;
  const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (installed === wanted) return folder;
  if (!installed.startsWith(hash)) {
    rmSync(folder, { recursive: true, force: true });
    write(folder, { 'package.json': { name, private: true, ...manifest } });
  }
  rmSync(stamp, { force: true });
  // A name of its own for each content, since npm keeps what it knows about a path.
  const copy = join(folder, `package-${wanted.slice(-12)}.tgz`);
  cpSync(tarball, copy);
  await npm(['install', ...PLAIN, '--save-exact', copy], folder);
  writeFileSync(stamp, wanted);
  return folder;
}
