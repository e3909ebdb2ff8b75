import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createEventCodec } from '../../../../lib/event/event-codec.js';
import { loadService } from '../../../../lib/idl/load-schema.js';
import type { EmbeddedQueue } from '../../../../lib/testing/index.js';
import { startSqsFake, type SqsFake } from '../../../fakes/sqs/sqs-fake.js';
import { askSqs, CommandLine, depthOf, fill, type Ended } from '../harness.js';

const IDL = ['--idl', 'idl/backup.thrift'];
const codec = createEventCodec([loadService('idl/backup.thrift', 'BackupReports')]);
const body = (id: string): string =>
  codec.encodeBody({ method: 'progress', args: { progress: { id, state: 'DONE' } } }, 'text') as string;

interface Report {
  readonly queue: string;
  readonly counts: Readonly<Record<'ok' | 'warn' | 'fail', number>>;
  readonly findings: readonly { readonly check: string; readonly verdict: string; readonly text: string }[];
}

const reportOf = ({ stdout }: Ended): Report => JSON.parse(stdout) as Report;
/** What is not well, as `check verdict`. */
const wrongIn = (ended: Ended): readonly string[] =>
  reportOf(ended)
    .findings.filter(({ verdict }) => verdict !== 'ok')
    .map(({ check, verdict }) => `${check} ${verdict}`);

let line: CommandLine;
let queue: EmbeddedQueue;
let number = 0;

beforeAll(async () => {
  line = await CommandLine.start();
});
afterAll(() => line.stop());
beforeEach(async () => {
  number += 1;
  const dead = await line.createQueue(`doctor-${number}-dead`, { MessageRetentionPeriod: '1209600' });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 5 });
  queue = await line.createQueue(`doctor-${number}`, { RedrivePolicy });
});

const doctor = (...args: string[]): Promise<Ended> => line.run(['doctor', '--queue', queue.name, ...args]);

describe('doctor', () => {
  it('prints a line for each check and releases the sampled messages', async () => {
    await fill(
      line.sqs,
      queue,
      Array.from({ length: 15 }, (_, at) => body(`b${at}`)),
    );
    const { status, stdout, stderr } = await doctor(...IDL, '--handler-timeout', '10000');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.replaceAll(/http:[^)]*/g, 'URL').split('\n')).toEqual([
      'ok    region: us-east-1',
      'ok    credentials: found, and accepted',
      `ok    endpoint: queue "${queue.name}" (region us-east-1, endpoint URL) answers`,
      `ok    queue: "${queue.name}" exists`,
      'ok    clock: agrees with SQS',
      'ok    permissions: sqs:SendMessage, sqs:ReceiveMessage, sqs:DeleteMessage, sqs:ChangeMessageVisibility',
      `ok    redrive: to "${queue.name}-dead" after 5 receives`,
      "ok    visibility: the queue's visibility timeout is 30 s, handlers run up to 10000 ms",
      'ok    size: messages of up to 1 MiB',
      'ok    retention: messages are kept for 4 d',
      'ok    in-flight: 0 messages in flight of 120000',
      'ok    contract: 2 oneway methods of the IDL',
      'ok    messages: 10 messages looked at and put back, which counts as a receive: all decode by the IDL',
      '0 failures, 0 warnings, 13 ok',
    ]);
    expect(await depthOf(line.sqs, queue)).toEqual([15, 0]);
  });

  it('counts the messages that a worker would reject by reason and exits with code 1', async () => {
    await fill(line.sqs, queue, [body('b1'), 'no base64', 'not either', 'AAAA']);
    const { status, stdout, stderr } = await doctor(...IDL, '--sample', '100');
    expect([status, stderr]).toEqual([1, '1 failure, 0 warnings, 12 ok']);
    expect(stdout.split('\n').at(-1)).toMatch(
      /^FAIL {2}messages: 4 messages .*: 3 of them would be rejected by a worker with this IDL \(.*not-base64 2.*\)\. Look with peek; /,
    );
    expect(stdout).toContain('unknown-protocol 1');
    expect(await depthOf(line.sqs, queue)).toEqual([4, 0]);
  });

  it('receives no message with --sample 0, with --for client, or when maxReceiveCount is 1', async () => {
    const strict = await line.createQueue(`doctor-${number}-strict`, {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${queue.arn}-dead`, maxReceiveCount: 1 }),
    });
    await fill(line.sqs, queue, [body('b1')]);
    await fill(line.sqs, strict, [body('b1')]);
    expect(await doctor('--sample', '0')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('not known: sqs:R'),
    });
    expect(await doctor('--for', 'client')).toMatchObject({ status: 0 });
    const spared = await line.run(['doctor', '--queue', strict.name, '--json']);
    expect(wrongIn(spared)).toEqual(['redrive warn', 'messages warn']);
    for (const { url } of [queue, strict]) {
      const AttributeNames = ['ApproximateReceiveCount'];
      const { Messages } = await askSqs(line.sqs.endpoint, 'ReceiveMessage', { QueueUrl: url, AttributeNames });
      expect(Messages).toMatchObject([{ Attributes: { ApproximateReceiveCount: '1' } }]);
    }
  });

  it('prints the warnings about queue settings as JSON with --json', async () => {
    queue = await line.createQueue(`doctor-${number}.fifo`, { MaximumMessageSize: '262144', DelaySeconds: '1' });
    const ended = await doctor(...IDL, '--json', '--handler-timeout', '45000');
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(wrongIn(ended)).toEqual([
      'redrive warn',
      'visibility warn',
      'size warn',
      'delay warn',
      'contract warn',
      'contract warn',
    ]);
    expect(reportOf(ended)).toMatchObject({ queue: queue.name, counts: { warn: 6, fail: 0 } });
  });

  it('takes the queue name from the IDL and warns when --queue names another queue', async () => {
    await line.createQueue('album-edits.fifo');
    const own = await line.run(['doctor', '--idl', 'idl/albums.thrift', '--json']);
    expect(reportOf(own).queue).toBe('album-edits.fifo');
    const other = await doctor('--idl', 'idl/albums.thrift', '--json');
    expect(wrongIn(other)).toEqual(['contract warn']);
  });

  it.each([
    ['no region', {}, { AWS_REGION: '', AWS_DEFAULT_REGION: '' }, [], 'region', /^RegionMissing: /],
    [
      'no credentials',
      {},
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
      ['region'],
      'credentials',
      /^CredentialsProviderError: no AWS credentials were found/,
    ],
    [
      'no server at the endpoint',
      { endpoint: 'http://127.0.0.1:1' },
      {},
      ['region', 'credentials'],
      'endpoint',
      /^ECONNREFUSED: .* cannot be reached/,
    ],
    [
      'no queue of the given name',
      { queue: 'nowhere' },
      {},
      ['region', 'credentials', 'endpoint'],
      'queue',
      /^QueueDoesNotExist: /,
    ],
  ])('exits with code 1 when there is %s', async (_, where, env, passed, check, text) => {
    const args = ['doctor', '--json', '--queue', 'queue' in where ? where.queue : queue.name];
    if ('endpoint' in where) args.push('--endpoint', where.endpoint);
    const bare = {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/nonexistent',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    };
    const ended = await line.run(args, { env: { ...bare, ...env } });
    expect([ended.status, ended.stderr]).toEqual([1, expect.stringMatching(/^1 failure, /)]);
    const steps = reportOf(ended).findings.filter((finding) => finding.check !== 'clock');
    expect(steps.map((step) => `${step.check} ${step.verdict}`)).toEqual([
      ...passed.map((step) => `${step} ok`),
      `${check} fail`,
    ]);
    expect(steps.at(-1)!.text).toMatch(text);
  });

  it.each([
    ['an unknown side', ['--for', 'server'], 2],
    ['a handler timeout of 0', ['--handler-timeout', '0'], 2],
    ['a sample of more than 1000 messages', ['--sample', '1001'], 2],
    ['a missing IDL file', ['--idl', 'nowhere.thrift'], 1],
  ])('refuses %s', async (_, args, status) => {
    const ended = await doctor(...args);
    expect(ended).toMatchObject({ status, stdout: '', stderr: expect.stringMatching(/\S/) });
    if (status === 1) expect(ended.stderr).not.toContain('\n');
  });

  it('exits with code 2 when neither --queue nor the IDL names a queue', async () => {
    const { status, stderr } = await line.run(['doctor', ...IDL]);
    expect([status, stderr.split('\n')[0]]).toEqual([
      2,
      "error: required option '--queue <queue>' not specified; the IDL names none",
    ]);
  });
});

describe('doctor against scripted SQS errors', () => {
  let fake: SqsFake;

  beforeEach(async () => {
    fake = await startSqsFake({ checkSignatureTime: true });
    fake.createQueue('backup-dead', { retentionSeconds: 1_209_600 });
    fake.createQueue('backup', { redrive: { target: 'backup-dead', maxReceiveCount: 5 } });
  });
  afterEach(() => fake.stop());

  const run = (...args: string[]): Promise<Ended> =>
    line.run(['doctor', '--queue', 'backup', '--json', ...args], { env: { AWS_ENDPOINT_URL: fake.endpoint } });
  const deny = (...actions: string[]): void => {
    fake.faults = ({ action }) => (actions.includes(action) ? { kind: 'error', error: 'AccessDenied' } : undefined);
  };

  it('reports denied permissions as a failure', async () => {
    deny('SendMessageBatch', 'ReceiveMessage');
    const ended = await run();
    expect([ended.status, wrongIn(ended)]).toEqual([1, ['permissions fail']]);
    expect(ended.stdout).toContain('"Grant sqs:SendMessage, sqs:ReceiveMessage on this queue."');
  });

  it('warns instead of failing when reading the queue attributes is denied', async () => {
    deny('GetQueueAttributes');
    const ended = await run();
    expect([ended.status, wrongIn(ended)]).toEqual([0, ['permissions warn']]);
  });

  it('checks the permissions with empty batches that send and delete nothing', async () => {
    fake.send('backup', { body: body('b1'), attributes: {} });
    await run();
    expect(fake.log.count('SendMessageBatch').outcomes).toEqual({ EmptyBatchRequest: 1 });
    expect(fake.log.count('DeleteMessageBatch').outcomes).toEqual({ EmptyBatchRequest: 1 });
    expect(fake.messages('backup')).toMatchObject([{ state: 'visible', receiveCount: 1 }]);
  });

  it('reports a missing dead-letter queue as a failure', async () => {
    fake.faults = ({ action, body: { QueueName } }) =>
      action === 'GetQueueUrl' && QueueName === 'backup-dead'
        ? { kind: 'error', error: 'QueueDoesNotExist' }
        : undefined;
    expect(wrongIn(await run())).toEqual(['redrive fail']);
  });

  it('reports a clock skew of 10 minutes even when SQS rejects every request', async () => {
    fake.skewMs = 600_000;
    const corrected = await run();
    expect([corrected.status, wrongIn(corrected)]).toEqual([1, ['clock fail']]);
    fake.faults = () => ({ kind: 'error', error: 'InvalidSignature' });
    expect(wrongIn(await run())).toEqual(['credentials fail', 'clock fail']);
  });

  it('stops sampling before a message loses its last receive for a worker', async () => {
    fake.createQueue('frail', { redrive: { target: 'backup-dead', maxReceiveCount: 2 } });
    for (let at = 0; at < 20; at += 1) fake.send('frail', { body: body(`b${at}`), attributes: {} });
    const { stdout } = await line.run(['doctor', '--queue', 'frail', '--sample', '20', '--json'], {
      env: { AWS_ENDPOINT_URL: fake.endpoint },
    });
    expect(stdout).toContain(
      '1 message looked at and put back, which counts as a receive, and no more: another look would leave 1 of them no receive',
    );
    expect(fake.depth('frail')).toEqual({ visible: 20, inFlight: 0, delayed: 0 });
  });
});
