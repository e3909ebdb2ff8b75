import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmbeddedQueue } from '../../../../lib/testing.js';
import { IDL, progressBodies, progressBody } from '../bodies.js';
import { reportOf, wrongIn } from '../doctor-report.js';
import { CommandLine, redrivePolicy, type Ended } from '../harness.js';

let line: CommandLine;
let queue: EmbeddedQueue;

beforeAll(async () => {
  line = await CommandLine.start();
});
afterAll(() => line.stop());
beforeEach(async () => {
  const { name } = await line.createOwnQueue('doctor');
  queue = await line.createQueueWithDeadLetters(`${name}-redriven`, 5, { MessageRetentionPeriod: '1209600' });
});

const doctor = (...args: string[]): Promise<Ended> => line.run(['doctor', '--queue', queue.name, ...args]);

describe('doctor', () => {
  it('prints a line for each check and releases the sampled messages', async () => {
    await line.fill(queue, progressBodies(15));
    const { status, stdout, stderr } = await doctor(...IDL, '--handler-timeout', '10000');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.replaceAll(/http:[^)]*/g, 'URL').split('\n')).toEqual([
      'ok    region: us-east-1',
      'ok    credentials: found, and accepted',
      `ok    endpoint: queue "${queue.name}" (region us-east-1, endpoint URL) answers`,
      `ok    queue: "${queue.name}" exists`,
      'ok    clock: agrees with SQS',
      'ok    permissions: sqs:SendMessage, sqs:ReceiveMessage, sqs:DeleteMessage, sqs:ChangeMessageVisibility',
      `ok    redrive: to "${queue.name}-dead" after 5 receives`,
      "ok    visibility: the queue's visibility timeout is 30 s, and handlers run up to 10000 ms",
      'ok    size: messages of up to 1 MiB',
      'ok    retention: messages are kept for 4 d',
      'ok    in-flight: 0 messages in flight of 120000',
      'ok    contract: 2 oneway methods of the IDL',
      'ok    messages: 10 messages received and released, which counts as a receive: all decode by the IDL',
      '0 failures, 0 warnings, 13 ok',
    ]);
    expect(await line.depth(queue)).toEqual({ visible: 15, inFlight: 0 });
  });

  it('counts the messages that a worker would reject by reason and exits with code 1', async () => {
    await line.fill(queue, [progressBody('b1'), 'no base64', 'not either', 'AAAA']);
    const { status, stdout, stderr } = await doctor(...IDL, '--sample', '100');
    expect({ status, stderr }).toEqual({ status: 1, stderr: '1 failure, 0 warnings, 12 ok' });
    expect(stdout.split('\n').at(-1)).toMatch(
      /^FAIL {2}messages: 4 messages .*: 3 of them would be rejected by a worker with this IDL \(.*not-base64 2.*\)\. Look at the messages with peek, and /,
    );
    expect(stdout).toContain('unknown-protocol 1');
    expect(await line.depth(queue)).toEqual({ visible: 4, inFlight: 0 });
  });

  it('receives no message with --sample 0, with --for client, or when maxReceiveCount is 1', async () => {
    const strict = await line.createQueue(`${queue.name}-strict`, {
      RedrivePolicy: redrivePolicy({ arn: `${queue.arn}-dead` }, 1),
    });
    await line.fill(queue, [progressBody('b1')]);
    await line.fill(strict, [progressBody('b1')]);
    expect(await doctor('--sample', '0')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('not known: sqs:R'),
    });
    expect(await doctor('--for', 'client')).toMatchObject({ status: 0 });
    const spared = await line.run(['doctor', '--queue', strict.name, '--json']);
    expect(wrongIn(spared)).toEqual(['redrive warn', 'messages warn']);
    for (const one of [queue, strict]) expect(await line.receive(one)).toEqual([1]);
  });

  it('prints the warnings about queue settings as JSON with --json', async () => {
    queue = await line.createQueue(`${queue.name}.fifo`, { MaximumMessageSize: '262144', DelaySeconds: '1' });
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
    const ended = await line.runAlone(args, { env: { ...bare, ...env } });
    expect({ status: ended.status, stderr: ended.stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^1 failure, /),
    });
    const steps = reportOf(ended).findings.filter((finding) => finding.check !== 'clock');
    expect(steps.map((step) => `${step.check} ${step.status}`)).toEqual([
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
    expect({ status, firstLine: stderr.split('\n')[0] }).toEqual({
      status: 2,
      firstLine: "error: required option '--queue <queue>' not specified; the IDL names no queue",
    });
  });
});
