import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmbeddedQueue } from '../../../../lib/testing.js';
import { IDL } from '../bodies.js';
import { CommandLine } from '../harness.js';
import { freshFolder, writeFiles } from '../../generate/harness.js';

let line: CommandLine;
let queue: EmbeddedQueue;

beforeAll(async () => {
  line = await CommandLine.start();
});
afterAll(() => line.stop());
beforeEach(async () => {
  queue = await line.createOwnQueue('send');
});

const inQueue = (): string[] => ['--queue', queue.name];

describe('send', () => {
  it('sends a call that peek decodes', async () => {
    const request = { id: 'b1', userId: 'alice', requestedAt: '9007199254740993', excludedFolders: ['tmp'] };
    const sent = await line.runAlone(['send', 'startBackup', JSON.stringify({ request }), ...inQueue(), ...IDL]);
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

  it('reads arguments from standard input and sends the given group, ids, attributes and protocol', async () => {
    const fifo = await line.createQueue(`${queue.name}.fifo`);
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

  it('writes the service name into the message with --multiplexed', async () => {
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
    ['an unknown method', ['stop', '{}'], 1, /has no method "stop"; its oneway methods: startBackup, progress$/],
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
      'an inexact number',
      ['startBackup', '{"request":{"id":"a","userId":"b","requestedAt":9007199254740993}}'],
      1,
      /write it in quotes$/,
    ],
    ['invalid JSON', ['progress', '{progress}'], 2, /^error: the arguments are not JSON: /],
    ['an attribute without a value', ['progress', '{}', '--attribute', 'a='], 2, /The attribute must be name=value/],
    ['a delay of more than 900 seconds', ['progress', '{}', '--delay', '901'], 2, /from 0 to 900/],
  ])('refuses %s', async (_, args, status, message) => {
    const ended = await line.run(['send', ...args, ...inQueue(), ...IDL]);
    expect(ended).toMatchObject({ status, stdout: '' });
    expect(ended.stderr.split('\n')[0]).toMatch(message);
    if (status === 1) expect(ended.stderr).not.toContain('\n');
    expect(await line.depth(queue)).toEqual({ visible: 0, inFlight: 0 });
  });

  it.each([
    ['a FIFO queue without a group', [], /^group-required: |needs a message group id\. Give a groupId/],
    ['an invalid group', ['--group', 'a b'], /groupId must be 1 to 128 letters/],
    ['a delay for a call of a FIFO queue', ['--group', 'a', '--delay', '1'], /takes no delay for a call/],
    [
      'a reserved attribute',
      ['--group', 'a', '--attribute', 'AWS.x=1'],
      /"AWS\.x" cannot be the name of an attribute$/,
    ],
    ['a FIFO queue without a deduplication id', ['--group', 'a'], /Give the message a deduplication id/],
  ])('exits with code 1 and one line on standard error for %s', async (_, flags, message) => {
    const fifo = await line.createQueue(`${queue.name}.fifo`);
    const call = ['progress', '{"progress":{"id":"x","state":"DONE"}}', '--queue', fifo.name, ...IDL];
    const { status, stdout, stderr } = await line.run(['send', ...call, ...flags]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('\n');
  });

  it('prints the names of unset arguments', async () => {
    const { status, stderr } = await line.run(['send', 'progress', '{}', ...inQueue(), ...IDL]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'not set: progress' });
  });

  it.each<[method: string, flags: string[], status: number, output: RegExp]>([
    ['f', [], 2, /^error: A and B declare "f", .* Add --multiplexed and send Service:name, or choose one service/],
    ['B:f', [], 2, /^error: A and B declare "f"/],
    ['f', ['--multiplexed'], 1, /"f" is declared by A and B; name the service as well/],
    ['f', ['--service', 'B'], 0, /^stored as /],
    ['B:f', ['--multiplexed'], 0, /^stored as /],
  ])('says how to send %s with %j if two services declare it', async (method, flags, status, output) => {
    const folder = freshFolder('send-owners');
    writeFiles(folder, { 'two.thrift': 'service A { oneway void f() }\nservice B { oneway void f() }' });
    const call = [method, '{}', ...inQueue(), '--idl', join(folder, 'two.thrift'), ...flags];
    const ended = await line.run(['send', ...call]);
    expect({ status: ended.status, output: ended.stdout + ended.stderr }).toEqual({
      status,
      output: expect.stringMatching(output),
    });
  });

  it('exits with code 2 when --idl is missing', async () => {
    const ended = await line.run(['send', 'progress', '{}', ...inQueue()]);
    expect(ended).toMatchObject({ status: 2, stderr: expect.stringMatching(/^error: required option '--idl <file>'/) });
  });
});
