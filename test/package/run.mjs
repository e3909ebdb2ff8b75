/**
 * Checks the package as users get it: packs it, unpacks it into an application of its own, and loads it there with plain Node by
 * `import` and by `require`, on the Node that runs this script.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const app = join(root, 'build', 'package');
const target = join(app, 'node_modules', 'nestjs-sqs-thrift');
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

rmSync(app, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const [packed] = JSON.parse(run('npm', ['pack', '--json', '--silent', '--pack-destination', app], root));
run('tar', ['xf', join(app, packed.filename), '-C', target, '--strip-components', '1'], app);

const files = packed.files.map((file) => file.path);
const strange = files.filter(
  (path) =>
    !/^(dist\/.+\.(js|d\.ts|js\.map)|docs\/([a-z-]+|README)\.md|package\.json|LICENSE|[A-Z]+\.md|idl\/[a-z-]+\.thrift)$/.test(
      path,
    ) &&
    !/^sample\/.+\.(md|ts|txt|html|sh|py|java|go|xml|mod|sum)$|^sample\/.+\/requirements\.txt$/.test(path) &&
    !/^(bench\/README|test\/chaos\/emulator-deviations)\.md$/.test(path),
);
assert.deepEqual(strange, [], 'files that nobody needs are packed');
for (const needed of [
  'dist/index.js',
  'dist/index.d.ts',
  'dist/testing/index.js',
  'dist/tools/cli/main.js',
  'README.md',
  'LICENSE',
]) {
  assert.ok(files.includes(needed), `${needed} is not packed`);
}

const broken = files
  .filter((path) => path.endsWith('.md'))
  .flatMap((path) => {
    const links = [...readFileSync(join(target, path), 'utf8').matchAll(/\]\((?![a-z]+:|#)([^)#]+)/g)];
    return links
      .filter(([, link]) => !existsSync(join(target, dirname(path), link)))
      .map(([, link]) => `${path}: ${link}`);
  });
assert.deepEqual(broken, [], 'links that lead nowhere in the package');

cpSync(join(root, 'idl'), join(app, 'idl'), { recursive: true });
const use = `
  const client = new lib.ClientSqsThrift({ queue: 'backup', service: lib.loadService('idl/backup.thrift', 'BackupQueue') });
  const codec = lib.createEventCodec([lib.loadService('idl/backup.thrift', 'BackupQueue')]);
  const bytes = codec.encode({ method: 'startBackup', args: { request: { id: 'b', userId: 'u', requestedAt: 1n } } });
  const [call] = codec.decode(bytes.toString('base64'));
  if (call.args.request.userId !== 'u' || typeof testing.createMemoryQueue !== 'function') throw new Error('it does not work');
  console.log(Object.keys(lib).sort().join(' '));
`;
writeFileSync(
  join(app, 'use.mjs'),
  `import 'reflect-metadata';\nimport * as lib from 'nestjs-sqs-thrift';\nimport * as testing from 'nestjs-sqs-thrift/testing';\n${use}`,
);
writeFileSync(
  join(app, 'use.cjs'),
  `require('reflect-metadata');\nconst lib = require('nestjs-sqs-thrift');\nconst testing = require('nestjs-sqs-thrift/testing');\n${use}`,
);
const imported = run(process.execPath, ['use.mjs'], app);
const required = run(process.execPath, ['--disable-warning=ExperimentalWarning', 'use.cjs'], app);
assert.equal(imported, required);

writeFileSync(
  join(app, 'use.ts'),
  `import { ClientSqsThrift, loadService, type SqsThriftContext, ThriftReadError } from 'nestjs-sqs-thrift';
import { startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
const service = loadService('idl/backup.thrift', 'BackupQueue');
export const client: ClientSqsThrift = new ClientSqsThrift({ queue: 'backup', service });
export const reason = (error: ThriftReadError): string => error.reason;
export const signal = (context: SqsThriftContext): AbortSignal => context.signal;
export const started = startEmbeddedSqs().then(({ endpoint }) => endpoint.length);
`,
);
const command = join(target, JSON.parse(readFileSync(join(target, 'package.json'))).bin['nestjs-sqs-thrift']);
run(process.execPath, [command, 'generate', 'idl/backup.thrift', '--out', 'generated'], app);
writeFileSync(
  join(app, 'generated.ts'),
  `import { createEventCodec } from 'nestjs-sqs-thrift';
import { BackupQueue, type StartBackupArgs, type StartBackupArgsInput } from './generated/backup.js';
const args: StartBackupArgsInput = { request: { id: 'b', userId: 'u', requestedAt: 1 } };
const codec = createEventCodec([BackupQueue]);
const [call] = codec.decode(codec.encode({ method: 'startBackup', args: { ...args } }));
const { request } = call!.args as unknown as StartBackupArgs;
if (request.requestedAt !== 1n) throw new Error('the generated module does not work');
`,
);
const options = {
  strict: true,
  module: 'nodenext',
  target: 'es2022',
  outDir: 'js',
  skipLibCheck: true,
  types: ['node'],
};
writeFileSync(
  join(app, 'tsconfig.json'),
  JSON.stringify({ compilerOptions: options, files: ['use.ts', 'generated.ts'] }),
);
writeFileSync(join(app, 'package.json'), JSON.stringify({ type: 'module', private: true }));
run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', app], app);
run(process.execPath, ['--disallow-code-generation-from-strings', 'js/generated.js'], app);

const size = `${files.length} files, ${Math.round(packed.unpackedSize / 1024)} KiB`;
console.log(`the package works by import and by require on Node ${process.version} (${size})`);
