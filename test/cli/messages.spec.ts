import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createEventCodec } from '../../lib/event/event-codec.js';
import { loadService } from '../../lib/idl/load-service.js';
import type { EmbeddedQueue } from '../../lib/testing/index.js';
import { CommandLine, depthOf, fill } from './harness.js';

const IDL = ['--idl', 'idl/backup.thrift'];
const codec = createEventCodec([loadService('idl/backup.thrift', 'BackupReports')]);
const body = (id: string): string =>
  codec.encodeBody({ method: 'progress', args: { progress: { id, state: 'DONE' } } }, 'text') as string;

let line: CommandLine;
let queue: EmbeddedQueue;
let number = 0;

beforeAll(async () => {
  line = await CommandLine.start();
});
afterAll(() => line.stop());
beforeEach(async () => {
  number += 1;
  queue = await line.createQueue(`messages-${number}`);
});

const inQueue = (): string[] => ['--queue', queue.name];

describe('send', () => {
  it('sends a call that peek shows', async () => {
    const request = { id: 'b1', userId: 'alice', requestedAt: '9007199254740993', excludedFolders: ['tmp'] };
    const sent = await line.run(['send', 'startBackup', JSON.stringify({ request }), ...inQueue(), ...IDL]);
    expect(sent).toMatchObject({ status: 0, stderr: '' });
    expect(sent.stdout).toMatch(new RegExp(`^stored as [0-9a-f-]{36} in ${queue.name}$`));
    const { stdout } = await line.run(['peek', ...inQueue(), ...IDL, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      queue: queue.name,
      messageId: /as (\S+)/.exec(sent.stdout)![1],
      receiveCount: 1,
      calls: [
        {
          service: 'BackupQueue',
          method: 'startBackup',
          protocol: 'binary',
          type: 'oneway',
          seqid: 0,
          args: { request },
        },
      ],
    });
  });

  it('takes arguments from standard input, and all that a message carries', async () => {
    const fifo = await line.createQueue(`messages-${number}.fifo`);
    const args = [
      '--queue',
      fifo.name,
      '--group',
      'alice',
      '--dedup',
      'd1',
      '--attribute',
      'tenant=a=b',
      '--protocol',
      'json',
    ];
    const input = '{"progress":{"id":"b1","state":4,"problem":"disk full"}}';
    const sent = await line.run(['send', 'BackupReports:progress', '-', ...args, ...IDL, '--json'], { input });
    expect(JSON.parse(sent.stdout)).toEqual({ queue: fifo.name, messageId: expect.any(String) });
    const { stdout } = await line.run(['peek', '--queue', fifo.name, ...IDL, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      groupId: 'alice',
      deduplicationId: 'd1',
      attributes: { tenant: 'a=b' },
      calls: [{ protocol: 'json', args: { progress: { id: 'b1', state: 'FAILED', problem: 'disk full' } } }],
    });
  });

  it('names the service in the message when asked to', async () => {
    const call = ['progress', '{"progress":{"id":"b1","state":"DONE"}}', ...inQueue(), ...IDL];
    const methods: string[] = [];
    for (const flags of [[], ['--multiplexed']]) {
      await line.run(['send', ...call, ...flags]);
      const { stdout } = await line.run(['peek', '--take', ...inQueue(), '--json']);
      methods.push((JSON.parse(stdout) as { calls: { method: string }[] }).calls[0]!.method);
    }
    expect(methods).toEqual(['progress', 'BackupReports:progress']);
  });

  it.each([
    [
      'a method that is not there',
      ['stop', '{}'],
      1,
      /has no method "stop"; its oneway methods: startBackup, progress$/,
    ],
    [
      'an unknown field',
      ['progress', '{"progress":{"iid":"x"}}'],
      1,
      /^"progress.iid" is not declared; BackupProgress has: id, /,
    ],
    ['a missing field', ['progress', '{"progress":{"id":"x"}}'], 1, /^progress\.progress\.state: .*required/],
    [
      'a wrong type',
      ['progress', '{"progress":[]}'],
      1,
      /^progress: expected an object with the fields of BackupProgress, got an array$/,
    ],
    [
      'a number that is not exact',
      ['startBackup', '{"request":{"id":"a","userId":"b","requestedAt":9007199254740993}}'],
      1,
      /write it in quotes$/,
    ],
    ['no JSON', ['progress', '{progress}'], 2, /^error: the arguments are not JSON: /],
    ['an attribute without a value', ['progress', '{}', '--attribute', 'a='], 2, /It must be name=value/],
    ['a delay that SQS does not take', ['progress', '{}', '--delay', '901'], 2, /from 0 to 900/],
  ])('refuses %s', async (_, args, status, message) => {
    const ended = await line.run(['send', ...args, ...inQueue(), ...IDL]);
    expect(ended).toMatchObject({ status, stdout: '' });
    expect(ended.stderr.split('\n')[0]).toMatch(message);
    if (status === 1) expect(ended.stderr).not.toContain('\n');
    expect(await depthOf(line.sqs, queue)).toEqual([0, 0]);
  });

  it('needs the IDL', async () => {
    const ended = await line.run(['send', 'progress', '{}', ...inQueue()]);
    expect(ended).toMatchObject({ status: 2, stderr: expect.stringMatching(/^error: required option '--idl <file>'/) });
  });
});

describe('peek', () => {
  it('shows a message to people and puts it back', async () => {
    await fill(line.sqs, queue, [body('b1')], { tenant: 'a\u001b[31m' });
    const { status, stdout, stderr } = await line.run(['peek', ...inQueue(), ...IDL]);
    expect([status, stderr]).toEqual([0, 'put back; this look counts as a receive']);
    expect(stdout.replace(/[0-9a-f-]{36}/, 'ID').replace(/sent \d+ s/, 'sent 1 s'))
      .toBe(`message ID of ${queue.name}, sent 1 s ago, received 1 time, this one included
attribute tenant: a\\u001b[31m
BackupReports.progress (binary, oneway, seqid 0)
{
  "progress": {
    "id": "b1",
    "state": "DONE",
    "filesDone": 0,
    "filesTotal": 0,
    "bytesDone": 0,
    "attempt": 1
  }
}`);
    expect(await depthOf(line.sqs, queue)).toEqual([1, 0]);
  });

  it('shows ids, types and values without an IDL', async () => {
    await fill(line.sqs, queue, [body('b1')]);
    const { stdout } = await line.run(['peek', ...inQueue(), '--json']);
    const { calls } = JSON.parse(stdout) as { calls: { method: string; fields: { fields: unknown[] }[] }[] };
    expect(calls[0]!.method).toBe('progress');
    expect(calls[0]!.fields[0]).toMatchObject({ id: 1, type: 'struct' });
    expect(calls[0]!.fields[0]!.fields.slice(0, 2)).toEqual([
      { id: 1, type: 'string', value: 'b1' },
      { id: 2, type: 'i32', value: 3 },
    ]);
  });

  it('says how many receives are left', async () => {
    const dead = await line.createQueue(`messages-${number}-dead`);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
    queue = await line.createQueue(`messages-${number}-policy`, { RedrivePolicy });
    await fill(line.sqs, queue, [body('b1')]);
    const first = await line.run(['peek', ...inQueue()]);
    expect(first.stderr).toBe(
      'put back; this look counts as a receive of 2 before SQS moves it to the dead-letter queue',
    );
    const second = await line.run(['peek', ...inQueue()]);
    expect(second.stderr).toContain('it was the last one, and the next moves it to the dead-letter queue');
  });

  it('deletes with --take, after it was shown', async () => {
    await fill(line.sqs, queue, [body('b1')]);
    const { status, stdout, stderr } = await line.run(['peek', '--take', ...inQueue(), ...IDL]);
    expect([status, stderr]).toEqual([0, 'deleted']);
    expect(stdout).toContain('"id": "b1"');
    expect(await depthOf(line.sqs, queue)).toEqual([0, 0]);
  });

  it('ends with 3 when there is nothing', async () => {
    expect(await line.run(['peek', '--wait', '0', ...inQueue(), '--json'])).toEqual({
      status: 3,
      stdout: '',
      stderr: '',
    });
    const { stderr } = await line.run(['peek', '--wait', '0', ...inQueue()]);
    expect(stderr).toBe(
      `queue "${queue.name}" has no message to receive: it is empty, or all are in flight or delayed`,
    );
  });

  it.each([
    ['no base64', 'hello \u009bworld', 'not-base64: the body of 12 characters is not padded standard base64'],
    ['bytes of no protocol', 'AAAA', 'unknown-protocol: the body starts with 0x00, which no known protocol does'],
    ['a method that the services do not have', body('b1'), 'unknown-method: no service here has a method "progress"'],
  ])('shows the body of a message with %s, puts it back and ends with 1', async (_, garbage, problem) => {
    await fill(line.sqs, queue, [garbage]);
    const { status, stdout, stderr } = await line.run(['peek', ...inQueue(), ...IDL, '--service', 'BackupQueue']);
    expect(status).toBe(1);
    expect(stdout).toContain(`\n${problem}`);
    expect(stdout).toContain(`\nbody: ${garbage.replace('\u009b', '\\u009b')}`);
    expect(stderr.split('\n').at(-1)).toContain(`the message cannot be decoded: ${problem}`);
    expect(await depthOf(line.sqs, queue)).toEqual([1, 0]);
  });
});
