import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from '@jest/globals';

const FOLDER = join('build', 'carrier-authors');
const page = readFileSync('docs/carrier-authors.md', 'utf8');
const programs = [...page.matchAll(/```ts\n\/\/ file: (\S+)\n([\s\S]*?)```/g)].map(([, name, text]) => [name!, text!]);
const require = createRequire(import.meta.url);

/** Writes a stand-in for Vitest, which is not installed. It serves Vitest's names with Jest. */
function writeVitest(): void {
  const folder = join(FOLDER, 'node_modules', 'vitest');
  mkdirSync(folder, { recursive: true });
  const files = {
    'package.json': JSON.stringify({ name: 'vitest', type: 'module', exports: './index.js' }),
    'index.js': `import { describe, it as test } from '@jest/globals';
const it = Object.assign((...args) => test(...args), { fails: test.failing });
export { describe, it };`,
    'index.d.ts': `type Test = (title: string, run: () => Promise<void>, timeout: number) => void;
export declare function describe(title: string, tests: () => void): void;
export declare const it: Test & { readonly fails: Test };`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

function run(...args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  return { status, output: `${stdout}${stderr}` };
}

function compile(): void {
  const { status, output } = run(require.resolve('typescript/bin/tsc'), '-p', FOLDER);
  if (status !== 0) throw new Error(output);
}

const JEST = [
  '--experimental-vm-modules',
  require.resolve('jest/bin/jest'),
  '--config',
  JSON.stringify({
    rootDir: join(process.cwd(), FOLDER),
    testMatch: ['**/contract.*.js'],
    transform: {},
    verbose: true,
    injectGlobals: false,
    moduleNameMapper: { '^nestjs-sqs-thrift/(port|testing)$': join(process.cwd(), 'dist', '$1.js') },
  }),
  '--runTestsByPath',
];

const RUNNERS = [
  ['Jest', [...JEST, join(FOLDER, 'contract.jest.js')]],
  ['Vitest', [...JEST, join(FOLDER, 'contract.vitest.js')]],
  ['node:test', ['--test', join(FOLDER, 'contract.node.js')]],
] as const;

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  writeVitest();
  for (const [name, text] of programs) writeFileSync(join(FOLDER, name!), text!);
  const compilerOptions = { rootDir: '.', outDir: '.', tsBuildInfoFile: '.tsbuildinfo' };
  const config = {
    extends: '../../tsconfig.programs.json',
    compilerOptions,
    include: ['*.ts'],
    exclude: [],
  };
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(config));
  compile();
});

describe('docs/carrier-authors.md', () => {
  it('shows a carrier, its use, and a test of it for each of three frameworks', () => {
    expect(programs.map(([name]) => name)).toEqual([
      'my-queue.ts',
      'my-transport.ts',
      'my-application.ts',
      'my-carrier.ts',
      'contract.jest.ts',
      'contract.vitest.ts',
      'contract.node.ts',
    ]);
  });

  it('shows a carrier of at most 60 lines, which takes all it needs from the port', () => {
    const text = programs.find(([name]) => name === 'my-queue.ts')![1]!;
    expect(text.trim().split('\n').length).toBeLessThanOrEqual(60);
    expect([...text.matchAll(/from '(.+)';/g)].map(([, name]) => name)).toEqual([
      'node:events',
      'nestjs-sqs-thrift/port',
    ]);
  });

  it('shows an application that emits and handles over the carrier, and ends on a signal', async () => {
    const child = spawn(process.execPath, [join(FOLDER, 'my-application.js')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    for await (const line of lines) if (line === 'hello, world') child.kill('SIGTERM');
    const [, signal] = child.signalCode === null ? await once(child, 'exit') : [null, child.signalCode];
    expect(signal).toBe('SIGTERM');
  });

  it.each(RUNNERS)('shows a test for %s that passes without changes', (_, args) => {
    const { status, output } = run(...args);
    expect(output).toContain('a close ends an open long poll');
    expect(status).toBe(0);
  });

  it.each(RUNNERS)('shows a test for %s that notices when a deviation is none', (_, args) => {
    const file = join(FOLDER, 'my-carrier.js');
    const carrier = readFileSync(file, 'utf8');
    const deviations = "deviations: { 'attributes arrive as they were sent': 'it drops them' },";
    writeFileSync(file, carrier.replace('features: {', `${deviations} features: {`));
    const { status, output } = run(...args);
    writeFileSync(file, carrier);
    expect(output).toMatch(/1 failed|fail 1$/m);
    expect(status).toBe(1);
  });
});
