import { writeFileSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClientSqsThrift } from 'nestjs-sqs-thrift';
import { findService, loadSchema, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { type EmbeddedQueue, type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import type { Template } from '../../../../lib/tools/cli/infra/cloudformation.js';
import { call } from '../../../fakes/sqs/call.js';
import { CommandLine } from '../harness.js';
import { applyTemplate } from './apply-template.js';
import { startFlowWorker } from './role-flow.js';

const IDL = 'service Jobs { oneway void run(1: string id) } (sqs.queue = "jobs")';
const folder = resolve('build/infra-applied');

let sqs: EmbeddedSqs;
const line = CommandLine.withoutSqs(process.cwd());
beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/jobs.thrift`, IDL);
  sqs = await startEmbeddedSqs();
});
afterAll(() => sqs.stop());

const access = () => ({ endpoint: sqs.endpoint, region: sqs.region, credentials: sqs.credentials });

async function templateOf(...flags: string[]): Promise<Template> {
  const { status, stdout } = await line.run(['infra', '--format', 'cloudformation', ...flags]);
  expect(status).toBe(0);
  return JSON.parse(stdout) as Template;
}

/** Attributes of a queue as the server has them. */
async function attributesOf({ url }: EmbeddedQueue): Promise<Readonly<Record<string, string>>> {
  const { body } = await call(sqs, 'GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] });
  return body['Attributes'] as Record<string, string>;
}

/** Properties of a template that the embedded server does not keep. */
const NOT_KEPT = new Set(['QueueName', 'SqsManagedSseEnabled', 'RedriveAllowPolicy', 'RedrivePolicy']);

describe('the template of the IDL of the samples', () => {
  it('creates queues with the attributes that it says', async () => {
    const template = await templateOf('--idl', 'idl', '--queue', 'backup', '--prefix', 'staging-');
    const queues = await applyTemplate(sqs, template);
    expect([...queues.values()].map(({ name }) => name).sort()).toEqual(
      ['album-edits-dlq.fifo', 'album-edits.fifo', 'backup', 'backup-dlq', 'scans', 'scans-dlq'].map(
        (name) => `staging-${name}`,
      ),
    );
    for (const [id, queue] of queues) {
      const { Properties } = template.Resources[id]!;
      const kept = Object.entries(Properties).filter(([name]) => !NOT_KEPT.has(name));
      const attributes = await attributesOf(queue);
      expect(attributes).toMatchObject(Object.fromEntries(kept.map(([name, value]) => [name, String(value)])));
      const redrive = attributes['RedrivePolicy'];
      const target = queue.arn.replace(/(\.fifo)?$/, '-dlq$1');
      if (queue.name.includes('-dlq')) expect(redrive).toBeUndefined();
      else expect(JSON.parse(redrive!)).toMatchObject({ deadLetterTargetArn: target });
    }
  });

  it('is enough for a client and a worker, whose calls of a group stay in order', async () => {
    const service = findService(loadSchema('idl/albums.thrift'), 'AlbumEdits');
    await applyTemplate(sqs, await templateOf('--idl', 'idl/albums.thrift', '--prefix', 'run-'));
    const client = new ClientSqsThrift({ ...access(), service, queuePrefix: 'run-' });
    const edits = ['1', '2', '3'].map((id) => ({ id, albumId: 'a', number: Number(id), change: 'c' }));
    await Promise.all(edits.map((edit) => lastValueFrom(client.emit<string>('apply', { edit }))));
    const worker = await startFlowWorker({ ...access(), service, queuePrefix: 'run-', waitTimeSeconds: 1 });
    expect(await worker.until(3)).toEqual(['ack', 'ack', 'ack']);
    await Promise.all([client.close(), worker.app.close()]);
  });

  it('moves a call that always fails to the dead-letter queue', async () => {
    const service = findService(loadSchemaFromText(IDL), 'Jobs');
    const flags = ['--idl', `${folder}/jobs.thrift`, '--max-receive-count', '3'];
    const queues = await applyTemplate(sqs, await templateOf(...flags));
    const client = new ClientSqsThrift({ ...access(), service });
    await lastValueFrom(client.emit<string>('run', { id: 'never' }));
    const worker = await startFlowWorker({ ...access(), service, waitTimeSeconds: 1 });
    expect(await worker.until(3)).toEqual(['retry', 'retry', 'retry']);
    // The next receive of the worker moves the message.
    const { body } = await call(sqs, 'ReceiveMessage', {
      QueueUrl: queues.get('JobsDlqQueue')!.url,
      WaitTimeSeconds: 20,
    });
    expect(body['Messages']).toHaveLength(1);
    await Promise.all([client.close(), worker.app.close()]);
  });
});

const PLACE = ['--region', 'eu-west-1', '--account', '111122223333'];

describe('infra', () => {
  it.each([
    [['--format', 'iam'], 1, 'the format iam names queues by region and account; give --region and --account'],
    [['--format', 'keda', '--region', 'eu-west-1'], 1, 'give --account'],
    [['--format', 'pulumi'], 2, 'Allowed choices are terraform, cdk, cloudformation, iam, keda'],
    [[], 2, "required option '--format <format>' not specified"],
    [['--format', 'cdk', '--options', 'idl/scans.thrift'], 1, 'idl/scans.thrift is no JSON'],
    [['--format', 'cdk', '--options', 'nowhere.json'], 1, 'nowhere.json'],
    [['--format', 'cdk', '--queue', 'extra'], 2, '--queue would never be used'],
    [['--format', 'cdk', '--handler-timeout', '1s'], 2, 'The value must be a whole number of milliseconds above 0'],
  ])('refuses %j with %i, and says what to do', async (flags, status, text) => {
    const ended = await line.run(['infra', '--idl', 'idl/scans.thrift', ...flags]);
    expect(ended).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(text) });
  });

  it('needs an IDL, and lets flags precede the file of options', async () => {
    expect(await line.run(['infra', '--format', 'cdk'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("required option '--idl <file>' not specified"),
    });
    writeFileSync(`${folder}/options.json`, JSON.stringify({ queuePrefix: 'file-', maxReceiveCount: 8 }));
    const file = ['--options', `${folder}/options.json`];
    const { Resources } = await templateOf('--idl', `${folder}/jobs.thrift`, ...file, '--prefix', 'flag-');
    expect(Resources['JobsQueue']!.Properties).toMatchObject({
      QueueName: 'flag-jobs',
      RedrivePolicy: { maxReceiveCount: 8 },
    });
  });

  it('warns of a FIFO queue that deduplicates by content', async () => {
    writeFileSync(
      `${folder}/fifo.thrift`,
      'service F { oneway void f(1: string id) (sqs.group = "id") } (sqs.queue = "f.fifo")',
    );
    const { stderr } = await line.run(['infra', '--format', 'keda', '--idl', `${folder}/fifo.thrift`, ...PLACE]);
    expect(stderr).toMatch(/^f\.fifo deduplicates by content: .* Annotate methods with sqs\.dedup\.$/);
  });

  it('warns of alarms that notify nobody, in the formats that have alarms', async () => {
    const remarks = async (format: string, options: object = {}): Promise<string> => {
      writeFileSync(`${folder}/alarms.json`, JSON.stringify(options));
      const flags = ['--idl', `${folder}/jobs.thrift`, '--options', `${folder}/alarms.json`, ...PLACE];
      return (await line.run(['infra', '--format', format, ...flags])).stderr;
    };
    const remark = 'The alarms notify nobody. Name the ARN of a topic in alarms.actions of --options.';
    expect(await remarks('terraform')).toBe(remark);
    expect(await remarks('terraform', { alarms: { actions: ['arn:aws:sns:eu-west-1:111122223333:on-call'] } })).toBe(
      '',
    );
    expect(await remarks('cdk', { alarms: false })).toBe('');
    expect(await remarks('iam')).toBe('');
  });
});
