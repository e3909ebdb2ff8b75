/** Bundles of everything, dependencies included, without the optional peers. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../projects.mjs';
import { run, workspace, write } from '../workspace.mjs';

/** Optional packages of Nest itself, which its own documentation makes external. */
const OF_NEST = [
  '@nestjs/websockets',
  '@nestjs/websockets/*',
  'class-transformer',
  'class-validator',
  'class-transformer/storage',
];
const MORE_OF_NEST = [
  '@grpc/*',
  '@nats-io/*',
  'nats',
  'mqtt',
  'kafkajs',
  'ioredis',
  'amqplib',
  'amqp-connection-manager',
  'file-type',
];

const BANNER = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

const bundled = (home, format) =>
  async function bundles({ packed }) {
    const folder = await project(home, packed.tarball);
    const file = `bundle.${format === 'esm' ? 'mjs' : 'cjs'}`;
    const source = `${format === 'esm' ? 'esm' : 'cjs'}/bundled.ts`;
    write(folder, { [source]: USE });
    const externals = [...OF_NEST, ...MORE_OF_NEST].map((name) => `--external:${name}`);
    const options = [
      '--bundle',
      '--platform=node',
      `--format=${format}`,
      '--target=node20',
      '--log-level=warning',
      ...externals,
    ];
    const banner = format === 'esm' ? [`--banner:js=${BANNER}`] : [];
    await run(join(folder, 'node_modules/.bin/esbuild'), [source, ...options, ...banner, `--outfile=${file}`], {
      cwd: folder,
    });
    // Where nothing is installed.
    const alone = join(workspace, 'bundle-alone');
    rmSync(alone, { recursive: true, force: true });
    const { readFileSync } = await import('node:fs');
    write(alone, {
      [file]: readFileSync(join(folder, file), 'utf8'),
      'idl/backup.thrift': readFileSync(join(folder, 'idl/backup.thrift'), 'utf8'),
    });
    const out = await run(process.execPath, [file], { cwd: alone });
    assert.match(out, /^bundled: .*@aws-sdk\/client-sns/m);
    return 'runs where nothing is installed';
  };

const USE = `import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientSqsThrift, openSnsTopic } from 'nestjs-sqs-thrift';
import { loadService } from 'nestjs-sqs-thrift/idl';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';

class AppModule {}
Module({})(AppModule);

async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
  await app.close();
  const service = loadService('idl/backup.thrift', 'BackupQueue');
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new ClientSqsThrift({ queue: 'backup', service, region: 'us-east-1', credentials });
  await client.close();
  await createMemoryQueue().close();
  const topic = 'arn:aws:sns:us-east-1:000000000000:t';
  console.log('bundled:', await openSnsTopic({ topic, credentials }).catch((error: Error) => error.message));
}
void main();
`;

export const bundles = {
  'esbuild-esm': bundled('plain', 'esm'),
  'esbuild-cjs-nest11': bundled('plain-nest11', 'cjs'),
  'esbuild-cjs-nest12': bundled('plain', 'cjs'),
};
