import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSqsFake } from '../../../fakes/sqs/sqs-fake.js';
import { CommandLine } from '../harness.js';

const folder = mkdtempSync(join(tmpdir(), 'create-'));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const JOBS = write(
  'jobs.thrift',
  `service Jobs { oneway void run(1: string id) } (sqs.queue = "jobs")
   service Orders { oneway void place(1: string id) (sqs.group = "id", sqs.dedup = "id"), oneway void cancel(1: string id) (sqs.group = "id") } (sqs.queue = "orders.fifo")`,
);
const OPEN = write('open.thrift', 'service Open { oneway void run(1: string id) }');

let line: CommandLine;
beforeAll(async () => {
  line = await CommandLine.start();
});
afterAll(() => line.stop());

/** Returns the attributes of a queue. Undefined if there is no queue. */
async function attributesOf(name: string): Promise<Readonly<Record<string, string>> | undefined> {
  const { status, body } = await line.request('GetQueueUrl', { QueueName: name });
  if (status !== 200) return undefined;
  const { body: answer } = await line.request('GetQueueAttributes', {
    QueueUrl: body['QueueUrl'],
    AttributeNames: ['All'],
  });
  return answer['Attributes'] as Record<string, string>;
}

const place = (): unknown =>
  expect.stringMatching(/^the queues are in region us-east-1, endpoint http:\/\/127\.0\.0\.1:\d+$/);

describe('create', () => {
  it('creates each queue of the IDL with a dead-letter queue, and changes nothing when it runs again', async () => {
    const created = await line.run(['create', '--idl', JOBS]);
    expect(created).toEqual({
      status: 0,
      stdout: [
        'created jobs, with dead-letter queue jobs-dlq after 5 receives',
        'created orders.fifo, with dead-letter queue orders-dlq.fifo after 10 receives',
      ].join('\n'),
      stderr: expect.stringMatching(
        /^orders\.fifo deduplicates by content: .* Annotate methods with sqs\.dedup\.\nthe queues are in region us-east-1, /,
      ),
    });
    const jobs = await attributesOf('jobs');
    const dead = await attributesOf('jobs-dlq');
    expect(JSON.parse(jobs!['RedrivePolicy']!)).toEqual({ deadLetterTargetArn: dead!['QueueArn'], maxReceiveCount: 5 });
    expect(dead!['MessageRetentionPeriod']).toBe('1209600');
    expect(await attributesOf('orders.fifo')).toMatchObject({ FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    expect((await attributesOf('orders-dlq.fifo'))!['FifoQueue']).toBe('true');

    const again = await line.run(['create', '--idl', JOBS, '--max-receive-count', '7']);
    expect(again).toEqual({ status: 0, stdout: created.stdout.replaceAll('created', 'exists '), stderr: place() });
    expect(await attributesOf('jobs')).toEqual(jobs);
  });

  it('creates nothing with --dry-run, and says what it would do', async () => {
    const { status, stdout } = await line.run(['create', '--idl', JOBS, '--prefix', 'dry-', '--dry-run']);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: [
        'would create dry-jobs, with dead-letter queue dry-jobs-dlq after 5 receives',
        'would create dry-orders.fifo, with dead-letter queue dry-orders-dlq.fifo after 10 receives',
      ].join('\n'),
    });
    expect(await attributesOf('dry-jobs')).toBeUndefined();
    expect(await attributesOf('dry-jobs-dlq')).toBeUndefined();
  });

  it('gives a queue without a redrive policy one, and keeps the dead-letter queue of others', async () => {
    await line.createQueue('plain', { VisibilityTimeout: '77' });
    const updated = await line.run(['create', '--queue', 'plain', '--max-receive-count', '3']);
    expect(updated.stdout).toBe('updated plain, with dead-letter queue plain-dlq after 3 receives');
    const plain = await attributesOf('plain');
    expect(plain!['VisibilityTimeout']).toBe('77');
    expect(JSON.parse(plain!['RedrivePolicy']!)).toMatchObject({ maxReceiveCount: 3 });

    await line.createQueueWithDeadLetters('given', 4);
    const kept = await line.run(['create', '--queue', 'given']);
    expect(kept.stdout).toBe('exists  given, with dead-letter queue given-dead after 4 receives');
    expect(await attributesOf('given-dlq')).toBeUndefined();
  });

  it('prints a line of JSON for each queue with --json', async () => {
    const { stdout, stderr } = await line.run(['create', '--idl', JOBS, '--prefix', 'json-', '--json']);
    expect(stderr).toBe('');
    expect(stdout.split('\n').map((text) => JSON.parse(text) as unknown)).toEqual([
      {
        queue: 'json-jobs',
        status: 'created',
        deadLetterQueue: 'json-jobs-dlq',
        maxReceiveCount: 5,
        contentBasedDeduplication: false,
      },
      {
        queue: 'json-orders.fifo',
        status: 'created',
        deadLetterQueue: 'json-orders-dlq.fifo',
        maxReceiveCount: 10,
        contentBasedDeduplication: true,
      },
    ]);
  });

  it('names the method without a queue, and takes --queue for it', async () => {
    expect(await line.run(['create', '--idl', OPEN])).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'the IDL names no queue for Open.run; name the queue with --queue, or annotate the service with (sqs.queue = "name")',
    });
    const named = await line.run(['create', '--idl', OPEN, '--queue', 'open']);
    expect(named.stdout).toBe('created open, with dead-letter queue open-dlq after 5 receives');
  });

  it.each([
    [['--max-receive-count', '0'], /The value must be a whole number from 1 to 1000/],
    [['--prefix', 'a:b'], /The value must be letters, digits, hyphens and underscores/],
  ])('refuses %j as a usage error', async (flags, text) => {
    const { status, stderr } = await line.run(['create', '--queue', 'q', ...flags]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(text) });
  });

  it('says in one line that SQS cannot be reached', async () => {
    const { status, stderr } = await line.run(['create', '--queue', 'q', '--endpoint', 'http://127.0.0.1:9']);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^queue "q" .* cannot be reached \(GetQueueUrl\)\. Check the endpoint, the region and the network\.$|cannot be reached/,
    );
  });
});

describe('create beside other processes and rights', () => {
  it('creates queues in two processes at once', async () => {
    const runs = [1, 2].map((count) =>
      line.runAlone(['create', '--idl', JOBS, '--prefix', 'race-', '--max-receive-count', String(count + 3)]),
    );
    for (const { status, stdout, stderr } of await Promise.all(runs)) {
      expect([status, stderr.includes('refused')]).toEqual([0, false]);
      expect(stdout.split('\n')).toHaveLength(2);
    }
    const attributes = await attributesOf('race-jobs');
    expect(JSON.parse(attributes!['RedrivePolicy']!)).toMatchObject({ maxReceiveCount: expect.any(Number) });
  }, 60_000);

  it('changes nothing of a queue whose attributes it may not read', async () => {
    const fake = await startSqsFake();
    fake.createQueue('q');
    fake.faults = ({ action }) =>
      action === 'GetQueueAttributes' ? { kind: 'error', error: 'AccessDenied' } : undefined;
    const { status, stderr } = await CommandLine.against(fake).run(['create', '--queue', 'q']);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('Grant sqs:GetQueueAttributes') });
    expect(fake.log.count('SetQueueAttributes').requests).toBe(0);
    await fake.stop();
  });

  it.each([
    [['--idl', JOBS, '--queue', 'extra'], 2, '--queue would never be used: every method names its queue in the IDL'],
    [[], 2, "error: required option '--idl <file>' or '--queue <queue>' not specified"],
    [['--queue', 'x'.repeat(78)], 2, `${'x'.repeat(78)}-dlq is no name of a queue`],
    [['--queue', 'arn:aws:sqs:us-east-1:123456789012:far'], 2, 'is a URL or an ARN; give the name of the queue'],
  ])('refuses %j before any request', async (flags, status, text) => {
    const ended = await line.run(['create', '--dry-run', ...flags]);
    expect(ended).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(text) });
  });
});

describe('stats', () => {
  it('counts the messages of each queue of the IDL', async () => {
    await line.run(['create', '--idl', JOBS, '--prefix', 'stats-']);
    const jobs = await line.createQueue('stats-jobs');
    await line.fill(jobs, ['a', 'b', 'c']);
    await line.receive(jobs, { max: 1 });
    expect(await line.run(['stats', '--idl', JOBS, '--prefix', 'stats-'])).toEqual({
      status: 0,
      stdout: [
        'queue              waiting  in flight  delayed  dead letters',
        'stats-jobs               2          1        0             0',
        'stats-orders.fifo        0          0        0             0',
      ].join('\n'),
      stderr: '',
    });
    const json = await line.run(['stats', '--queue', 'stats-jobs', '--json']);
    expect(JSON.parse(json.stdout)).toEqual({
      queue: 'stats-jobs',
      waiting: 2,
      inFlight: 1,
      delayed: 0,
      deadLetters: 0,
    });
  });

  it('shows the queue of --queue alone, and a dead-letter queue that is gone as unreadable', async () => {
    const gone = 'arn:aws:sqs:us-east-1:000000000000:gone';
    await line.createQueue('stats-extra', {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: gone, maxReceiveCount: 3 }),
    });
    const { stdout } = await line.run(['stats', '--idl', JOBS, '--queue', 'stats-extra']);
    expect(stdout.split('\n').slice(1)).toEqual([expect.stringMatching(/^stats-extra +0 +0 +0 +unreadable$/)]);
    const json = await line.run(['stats', '--queue', 'stats-extra', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ queue: 'stats-extra', deadLetters: null });
  });

  it('shows "none" for a queue without a dead-letter queue, and fails for a queue that is missing', async () => {
    await line.createQueue('stats-alone');
    expect((await line.run(['stats', '--queue', 'stats-alone'])).stdout).toMatch(/stats-alone +0 +0 +0 +none$/);
    const missing = await line.run(['stats', '--queue', 'stats-nowhere']);
    expect(missing).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('there is no queue "stats-nowhere"'),
    });
  });
});

describe('doctor with an IDL of several queues', () => {
  it('checks each queue, and finds nothing wrong with what create has made', async () => {
    await line.run(['create', '--idl', JOBS, '--prefix', 'well-']);
    const { status, stdout } = await line.run(['doctor', '--idl', JOBS, '--prefix', 'well-', '--sample', '0']);
    expect(status).toBe(0);
    expect(stdout).toContain('queue well-jobs\n');
    expect(stdout).toContain('queue well-orders.fifo\n');
    expect(stdout).toContain('1 oneway method of the IDL for this queue, and 2 for well-orders.fifo');
    expect(stdout.match(/0 failures, 0 warnings/g)).toHaveLength(2);
  });
});
