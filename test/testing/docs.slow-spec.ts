import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';

const FOLDER = join('build', 'testing-docs');
const page = readFileSync('docs/testing.md', 'utf8');
const programs = [...page.matchAll(/```ts\n\/\/ file: (\S+)\n([\s\S]*?)```/g)].map(([, name, text]) => [name!, text!]);
const require = createRequire(import.meta.url);

function run(...args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env, cwd: FOLDER });
  return { status, output: `${stdout}${stderr}` };
}

const JEST = [
  '--experimental-vm-modules',
  require.resolve('jest/bin/jest'),
  '--config',
  JSON.stringify({
    rootDir: join(process.cwd(), FOLDER),
    testMatch: ['**/*.spec.js'],
    transform: {},
    verbose: true,
    injectGlobals: false,
    moduleNameMapper: {
      '^nestjs-sqs-thrift$': join(process.cwd(), 'dist', 'index.js'),
      '^nestjs-sqs-thrift/testing$': join(process.cwd(), 'dist', 'testing.js'),
    },
  }),
  '--runTestsByPath',
];

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(join(FOLDER, 'idl'), { recursive: true });
  const [, idl] = /```thrift\n([\s\S]*?)```/.exec(readFileSync('docs/getting-started.md', 'utf8'))!;
  writeFileSync(join(FOLDER, 'idl', 'backup.thrift'), idl!);
  for (const [name, text] of programs) writeFileSync(join(FOLDER, name!), text!);
  const compilerOptions = { rootDir: '.', outDir: '.', tsBuildInfoFile: '.tsbuildinfo' };
  const config = { extends: '../../tsconfig.programs.json', compilerOptions, include: ['*.ts'], exclude: [] };
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(config));
  const { status, output } = run(require.resolve('typescript/bin/tsc'), '-p', '.');
  if (status !== 0) throw new Error(output);
});

describe('docs/testing.md', () => {
  it('shows an application and three kinds of tests', () => {
    expect(programs.map(([name]) => name)).toEqual(['backup.ts', 'unit.spec.ts', 'memory.spec.ts', 'embedded.spec.ts']);
  });

  it.each([
    ['unit.spec', ['asks for a backup of the user', 'fails if the queue is down']],
    ['memory.spec', ['backs up what was asked for', 'keeps what it rejects, with the reason']],
    ['embedded.spec', ['backs up what was asked for']],
  ])('shows the test file %s, which passes without changes', (name, titles) => {
    const { status, output } = run(...JEST, `${name}.js`);
    for (const title of titles) expect(output).toContain(`✓ ${title}`);
    expect(output).not.toContain('failed to exit');
    expect(status).toBe(0);
  });

  it('needs at most 15 lines for a test in memory', () => {
    const [, test] = /^(it\([\s\S]*?^\}\);)$/m.exec(page.slice(page.indexOf('// file: memory.spec.ts')))!;
    expect(test!.split('\n').length).toBeLessThanOrEqual(15);
  });

  it('shows a unit test that notices when the service asks for something else', () => {
    const file = join(FOLDER, 'backup.js');
    const application = readFileSync(file, 'utf8');
    writeFileSync(file, application.replace('userId, requestedAt', "userId: 'mallory', requestedAt"));
    const { status, output } = run(...JEST, 'unit.spec.js');
    writeFileSync(file, application);
    expect(output).toContain('✕ asks for a backup of the user');
    expect(status).toBe(1);
  });
});
