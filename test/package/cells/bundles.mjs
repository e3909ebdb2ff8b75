/** Bundles of everything, dependencies included, without the optional peers. They run where nothing is installed. */
import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import { project } from '../projects.mjs';
import { run, workspace, write } from '../workspace.mjs';

/** Optional packages of Nest, which an application makes external. */
const EXTERNAL = [
  '@nestjs/websockets',
  'class-transformer',
  'class-validator',
  '@grpc/grpc-js',
  '@grpc/proto-loader',
  '@nats-io/transport-node',
  '@nats-io/nats-core',
  'nats',
  'mqtt',
  'kafkajs',
  'ioredis',
  'amqplib',
  'amqp-connection-manager',
  'file-type',
];

const IMPORTING = `import 'reflect-metadata';
import { createServer } from 'node:http';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientSqsThrift } from 'nestjs-sqs-thrift';
import { loadService } from 'nestjs-sqs-thrift/idl';
import { openSnsTopic, openSqsQueue } from 'nestjs-sqs-thrift/port';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';

class AppModule {}
Module({})(AppModule);

const ANSWERS = { GetQueueUrl: { QueueUrl: 'http://127.0.0.1/1/q' }, GetQueueAttributes: { Attributes: {} } };

/** Receives from a queue of a small server. Returns the data path, by a header that only the SDK sends. */
async function receive(credentials, dataPath) {
  let seen;
  const server = createServer((request, response) => {
    const operation = request.headers['x-amz-target'].split('.')[1];
    if (operation === 'ReceiveMessage') seen = 'amz-sdk-invocation-id' in request.headers ? 'sdk' : 'lean';
    response.end(JSON.stringify(ANSWERS[operation] ?? {}));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const endpoint = 'http://127.0.0.1:' + server.address().port;
  const queue = await openSqsQueue({ queue: 'q', endpoint, region: 'us-east-1', credentials, dataPath });
  await queue.receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
  await queue.close();
  await new Promise((closed) => server.close(closed));
  return seen;
}

async function main() {
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
  await app.close();
  const service = loadService('idl/backup.thrift', 'BackupQueue');
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new ClientSqsThrift({ queue: 'backup', service, region: 'us-east-1', credentials });
  await client.close();
  await createMemoryQueue().close();
  console.log('received by', await receive(credentials, 'lean'), 'and', await receive(credentials, 'sdk'));
  const topic = 'arn:aws:sns:us-east-1:000000000000:t';
  console.log('bundled:', await openSnsTopic({ topic, credentials }).catch((error) => error.message));
}
void main();
`;

/** As TypeScript compiles it to CommonJS. So the bundle has the CommonJS build. */
const REQUIRING = IMPORTING.replace(/^import '(.*)';$/gm, "require('$1');").replace(
  /^import (\{.*\}) from '(.*)';$/gm,
  "const $1 = require('$2');",
);

const FORMATS = {
  esm: { source: 'bundled.mjs', text: IMPORTING, output: 'bundle.mjs' },
  cjs: { source: 'bundled.cjs', text: REQUIRING, output: 'bundle.cjs' },
};

/** Folder of a project for the files of its bundle. */
const OUTPUT = 'bundled';

const BANNER = `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);`;

async function esbuild(folder, format, more = []) {
  const { source, output } = FORMATS[format];
  const options = ['--bundle', '--platform=node', '--target=node20', '--log-level=warning', `--format=${format}`];
  const externals = EXTERNAL.flatMap((name) => [`--external:${name}`, `--external:${name}/*`]);
  // Dependencies of CommonJS need a require.
  const banner = format === 'esm' ? [`--banner:js=${BANNER}`] : [];
  const out = [`--outdir=${OUTPUT}`, '--entry-names=bundle', `--out-extension:.js=${extname(output)}`];
  const args = [source, ...options, ...externals, ...banner, ...out, ...more];
  await run(join(folder, 'node_modules/.bin/esbuild'), args, { cwd: folder });
}

/** Puts what loads late into files of their own. Packages of CommonJS then have their default export alone. */
const splitting = (folder, format) => esbuild(folder, format, ['--splitting']);

async function rspack(folder, format) {
  const { source, output } = FORMATS[format];
  const esm = format === 'esm';
  const settings = {
    mode: 'production',
    target: 'node20',
    context: folder,
    entry: `./${source}`,
    output: {
      path: join(folder, OUTPUT),
      filename: output,
      module: esm,
      library: { type: esm ? 'module' : 'commonjs2' },
    },
    optimization: { minimize: false },
  };
  const externals = EXTERNAL.map((name) => `/^${name.replaceAll('/', '\\/')}(\\/.*)?$/`);
  write(folder, {
    'rspack.mjs': `import { rspack } from '@rspack/core';
const externals = [${externals.join(', ')}];
const settings = { ...${JSON.stringify(settings)}, externals, externalsType: '${esm ? 'module-import' : 'commonjs'}' };
rspack(settings, (error, stats) => {
  if (error !== null && error !== undefined) throw error;
  console.log(stats.toString({ preset: 'errors-only' }));
  if (stats.hasErrors()) process.exitCode = 1;
});
`,
  });
  await run(process.execPath, ['rspack.mjs'], { cwd: folder });
}

const bundled = (bundler, home, format) =>
  async function bundlesAndRuns({ packed }) {
    const folder = await project(home, packed.tarball);
    const { source, text, output } = FORMATS[format];
    write(folder, { [source]: text });
    rmSync(join(folder, OUTPUT), { recursive: true, force: true });
    await bundler(folder, format);
    const alone = join(workspace, 'bundle-alone');
    rmSync(alone, { recursive: true, force: true });
    cpSync(join(folder, OUTPUT), alone, { recursive: true });
    cpSync(join(folder, 'idl'), join(alone, 'idl'), { recursive: true });
    const out = await run(process.execPath, [output], { cwd: alone });
    assert.match(out, /^received by lean and sdk$/m);
    assert.match(out, /^bundled: .*npm install @aws-sdk\/client-sns/m);
    return 'runs where nothing is installed';
  };

export const bundles = {
  'esbuild-esm-nest12': bundled(esbuild, 'plain', 'esm'),
  'esbuild-split-nest12': bundled(splitting, 'plain', 'esm'),
  'esbuild-cjs-nest12': bundled(esbuild, 'plain', 'cjs'),
  'esbuild-cjs-nest11': bundled(esbuild, 'plain-nest11', 'cjs'),
  'rspack-esm-nest12': bundled(rspack, 'plain', 'esm'),
  'rspack-cjs-nest11': bundled(rspack, 'plain-nest11', 'cjs'),
};
