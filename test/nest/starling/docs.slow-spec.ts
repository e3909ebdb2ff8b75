import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { loadService } from 'nestjs-sqs-thrift/idl';
import { closeAll } from '../harness.js';
import { startStarling } from './harness.js';

const FOLDER = join('build', 'starling-docs');
const page = readFileSync('docs/carriers.md', 'utf8');
const programs = [...page.matchAll(/```ts\n\/\/ file: (starling\S+)\n([\s\S]*?)```/g)];
const require = createRequire(import.meta.url);

afterEach(closeAll);

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [, name, text] of programs) {
    // The host of the page is none of this machine.
    writeFileSync(join(FOLDER, name!), text!.replace("host: 'siberite.internal'", "port: Number(process.env['PORT'])"));
  }
  const compilerOptions = { rootDir: '.', outDir: '.', tsBuildInfoFile: '.tsbuildinfo' };
  const config = { extends: '../../tsconfig.programs.json', compilerOptions, include: ['*.ts'], exclude: [] };
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(config));
  const { status, stdout } = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', FOLDER], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout);
});

describe('docs/carriers.md', () => {
  it('shows a worker on a queue of Siberite, which handles a call and ends at SIGTERM', async () => {
    const starling = await startStarling('siberite');
    const codec = createEventCodec([loadService('idl/backup.thrift', 'BackupQueue')]);
    const request = { id: 'b-1', userId: 'alice', requestedAt: 1 };
    starling.put('backup', codec.method('startBackup').encode({ request }));
    const env = { ...process.env, PORT: String(starling.port), NODE_OPTIONS: '' };
    const worker = spawn(process.execPath, [join(FOLDER, 'starling-worker.js')], { env });
    const ended = once(worker, 'exit');
    let output = '';
    worker.stdout.on('data', (text) => {
      output += String(text);
      if (output.includes('backup of alice')) worker.kill('SIGTERM');
    });
    await ended;
    expect(output).toContain('backup of alice');
    expect([starling.items('backup'), starling.openItems('backup')]).toEqual([[], 0]);
  });

  it('shows an embedded server', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(FOLDER, 'starling.spec.js')], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});
