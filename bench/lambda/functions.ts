import { execFile } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import type { LambdaEvent } from 'nestjs-sqs-thrift/lambda';
import { BackupQueue } from '../../sample/generated/backup.js';
import type { Candidate, Values } from '../kit/bench.js';
import { QUIET } from '../kit/child.js';
import { projectFile } from '../kit/packages.js';

const run = promisify(execFile);

/** Names a function that the benchmark loads. */
export type FunctionName = 'node' | 'nest' | 'microservice' | 'own';

/** Packages that Nest loads on demand, and the AWS SDK, which the runtime of Lambda contains. */
const EXTERNAL = [
  '@aws-sdk/*',
  '@grpc/*',
  '@nats-io/*',
  '@nestjs/platform-express',
  '@nestjs/platform-express/*',
  '@nestjs/websockets',
  '@nestjs/websockets/*',
  'amqp-connection-manager',
  'amqplib',
  'cache-manager',
  'class-transformer',
  'class-transformer/*',
  'class-validator',
  'ioredis',
  'kafkajs',
  'mqtt',
  'nats',
];

const FOLDER = fileURLToPath(projectFile('build/bench/lambda'));
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Bundles a function as docs/lambda.md shows. Returns the path of the bundle. */
async function bundled(name: FunctionName, without: readonly string[]): Promise<string> {
  const outfile = `${FOLDER}/bundles/${[name, ...without].join('-')}.mjs`;
  mkdirSync(`${FOLDER}/bundles`, { recursive: true });
  await build({
    entryPoints: [`${FOLDER}/${name}-function.js`],
    outfile,
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: [...EXTERNAL, ...without.flatMap((one) => [one, `${one}/*`])],
    banner: { js: BANNER },
    logLevel: 'error',
  });
  return outfile;
}

/** Returns an event with one message. */
function event(): LambdaEvent {
  const request = { id: '1', userId: 'alice', requestedAt: 1 };
  const body = createEventCodec([BackupQueue]).encode({ method: 'startBackup', args: { request } });
  const record = {
    messageId: '1',
    receiptHandle: '1',
    body: body.toString('base64'),
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1764547200000' },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:backup',
    awsRegion: 'eu-west-1',
  };
  return { Records: [record] };
}

/**
 * Creates a candidate whose every sample is a fresh process that handles one event.
 *
 * @param without packages that its bundle leaves out
 */
export function freshFunction(
  title: string,
  name: FunctionName,
  isBundled: boolean,
  without: readonly string[] = [],
): Candidate {
  return {
    name: title,
    async start() {
      const module = isBundled ? await bundled(name, without) : `${FOLDER}/${name}-function.js`;
      const args = [`${FOLDER}/invoke.js`, module, JSON.stringify(event())];
      const size = isBundled ? { kb: statSync(module).size / 1000 } : {};
      return {
        async measure(): Promise<Values> {
          const { stdout } = await run(process.execPath, args, { env: { ...process.env, ...QUIET } });
          return { ...(JSON.parse(stdout) as Values), ...size };
        },
        stop: () => Promise.resolve(),
      };
    },
  };
}
