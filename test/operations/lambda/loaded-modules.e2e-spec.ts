import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const run = promisify(execFile);

/** Runs the CommonJS build, so that the cache of modules shows all that was loaded. */
const PROGRAM = `
require('reflect-metadata');
const { Module } = require('@nestjs/common');
const { EventPattern, Payload } = require('@nestjs/microservices');
const { Controller } = require('@nestjs/common');
const { createLambdaHandler } = require('./dist/cjs/lib/lambda.js');
const { findService, loadSchemaFromText } = require('./dist/cjs/lib/idl.js');
const { createEventCodec } = require('./dist/cjs/lib/codec.js');

const schema = loadSchemaFromText('service Jobs { oneway void run(1: string name) }');
const service = findService(schema, 'Jobs');
class Jobs { run() { if (process.argv[1] === 'fails') throw new Error('broken'); } }
Controller()(Jobs);
EventPattern('run')(Jobs.prototype, 'run', Object.getOwnPropertyDescriptor(Jobs.prototype, 'run'));
class AppModule {}
Module({ controllers: [Jobs] })(AppModule);

const queue = { queue: 'jobs', service, poisonPolicy: 'drop', drainTimeoutMs: 50, changeVisibility: process.argv[1] === 'fails' };
const options = { application: { logger: false } };
const handler = createLambdaHandler(AppModule, { ...queue, endpoint: 'http://127.0.0.1:9', region: 'us-east-1' }, options);
const body = createEventCodec([service]).encode({ method: 'run', args: { name: 'x' } }).toString('base64');
const record = (messageId, body) => ({
  messageId, receiptHandle: messageId, body, attributes: {}, messageAttributes: {}, md5OfBody: '',
  eventSource: 'aws:sqs', eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:jobs', awsRegion: 'us-east-1',
});
const context = { getRemainingTimeInMillis: () => 3_000 };
handler({ Records: [record('good', body), record('poison', 'no thrift')] }, context).then(async (answer) => {
  await handler.close();
  const late = Object.keys(require.cache).filter((path) => /node_modules.(@aws-sdk|@smithy|undici)/.test(path));
  console.log(JSON.stringify({ ...answer, late: late.length }));
  // A request in progress would keep the process.
  process.exit();
});
`;

/** Runs a function whose handler succeeds or fails. Returns its answer, and how many files of late packages it loaded. */
async function answerOf(handler: 'succeeds' | 'fails'): Promise<{ batchItemFailures: unknown[]; late: number }> {
  const env = { ...process.env, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
  const { stdout } = await run(process.execPath, ['-e', PROGRAM, handler], { env });
  return JSON.parse(stdout) as { batchItemFailures: unknown[]; late: number };
}

describe('a function that needs no request', () => {
  it('loads neither the AWS SDK nor undici, also for a message that it drops', async () => {
    expect(await answerOf('succeeds')).toEqual({ batchItemFailures: [], late: 0 });
  });

  it('loads them with its first request', async () => {
    const { batchItemFailures, late } = await answerOf('fails');
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'good' }]);
    expect(late).toBeGreaterThan(0);
  });
});
