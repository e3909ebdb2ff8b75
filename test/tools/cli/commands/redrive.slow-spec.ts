import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEAD_LETTER_ATTRIBUTE } from '../../../../lib/queue/dead-letter-note.js';
import type { EmbeddedQueue } from '../../../../lib/testing.js';
import { IDL, progressBodies, progressBody, startBody } from '../bodies.js';
import { CommandLine } from '../harness.js';

let line: CommandLine;
let dead: EmbeddedQueue;
let source: EmbeddedQueue;

beforeAll(async () => {
  line = await CommandLine.start();
});
afterAll(() => line.stop());
beforeEach(async () => {
  source = await line.createOwnQueue('redrive');
  dead = await line.createQueue(`${source.name}-dead`);
});

/** Names the source queue, because the embedded server does not list the sources of a dead-letter queue. */
const args = (...more: string[]): string[] => [
  ...['redrive', '--queue', dead.name, ...more],
  ...(more.includes('--to') ? [] : ['--source', source.name]),
];
/** Puts bodies into the dead-letter queue as a worker does. */
const bury = (bodies: readonly string[], reason: string, queue = source.name): Promise<void> =>
  line.fill(dead, bodies, { [DEAD_LETTER_ATTRIBUTE]: JSON.stringify({ reason, queue, count: 1 }) });

describe('redrive without message move tasks of SQS', () => {
  it('begins the names of all queues with --prefix', async () => {
    const name = source.name.replace('redrive', 'staging-redrive');
    const [from, to, elsewhere] = await Promise.all(
      [`${name}-dead`, name, source.name].map((one) => line.createQueue(one)),
    );
    await line.fill(from!, progressBodies(3));
    const plain = ['redrive', '--queue', `${source.name}-dead`, '--to', source.name, '--prefix', 'staging-', '--yes'];
    expect(await line.run(plain)).toMatchObject({ status: 0, stdout: expect.stringContaining('3 messages moved') });
    expect([await line.depth(to!), await line.depth(elsewhere!)]).toEqual([
      { visible: 3, inFlight: 0 },
      { visible: 0, inFlight: 0 },
    ]);
  });

  it('moves each message to the queue in its dead-letter note and releases a message without a note', async () => {
    const other = await line.createQueue(`${source.name}-other`);
    await bury(progressBodies(25), 'missing-required');
    await bury([startBody('b1'), startBody('b2')], 'handler-rejected', other.name);
    await line.fill(dead, [progressBody('b3')]);
    const { status, stdout, stderr } = await line.runAlone(args('--yes', '--source', other.name));
    expect(stderr.split('\n')).toEqual([
      'messages that stay were released, which counts as a receive',
      '1 message could not be moved',
    ]);
    expect(status).toBe(1);
    const [last, failed, ...moved] = stdout.split('\n').reverse();
    expect(last).toBe('27 messages moved');
    expect(failed).toBe('1 stay: its source queue is unknown; give a destination with --to');
    expect(moved.sort()).toEqual([
      `2 to ${other.name}: startBackup, dead-lettered for handler-rejected`,
      `25 to ${source.name}: progress, dead-lettered for missing-required`,
    ]);
    expect({ source: await line.depth(source), other: await line.depth(other), dead: await line.depth(dead) }).toEqual({
      source: { visible: 25, inFlight: 0 },
      other: { visible: 2, inFlight: 0 },
      dead: { visible: 1, inFlight: 0 },
    });
  });

  it('moves only the messages that decode as the method given with --method and --idl', async () => {
    const broken = Buffer.from(Buffer.from(startBody('b2'), 'base64').subarray(0, 40)).toString('base64');
    await bury([progressBody('b1'), startBody('b1'), broken, 'no base64'], 'truncated');
    const ended = await line.run(args('--yes', '--method', 'BackupQueue.startBackup', ...IDL, '--json'));
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toEqual({
      queue: dead.name,
      by: 'hand',
      dryRun: false,
      moved: 1,
      left: 3,
      failed: 0,
      groups: [{ destination: source.name, method: 'BackupQueue.startBackup', reason: 'truncated', messages: 1 }],
      failures: [],
    });
    expect({ source: await line.depth(source), dead: await line.depth(dead) }).toEqual({
      source: { visible: 1, inFlight: 0 },
      dead: { visible: 3, inFlight: 0 },
    });
  });

  it('moves only the messages with the given method name and reason without an IDL', async () => {
    await bury([startBody('b1'), progressBody('b1')], 'too-large');
    await bury([progressBody('b2')], 'handler-rejected');
    const filter = ['--method', 'progress', '--reason', 'handler-rejected'];
    const ended = await line.run(args('--yes', ...filter));
    expect(ended).toMatchObject({ status: 0, stderr: 'messages that stay were released, which counts as a receive' });
    expect(ended.stdout.split('\n')).toEqual([
      `1 to ${source.name}: progress, dead-lettered for handler-rejected`,
      '1 message moved, 2 left',
    ]);
    expect({ source: await line.depth(source), dead: await line.depth(dead) }).toEqual({
      source: { visible: 1, inFlight: 0 },
      dead: { visible: 2, inFlight: 0 },
    });
  });

  it('prints what would be moved and moves no message with --dry-run', async () => {
    await bury(progressBodies(12), 'missing-required');
    await bury(['no base64'], 'not-base64', 'nowhere');
    const { status, stdout, stderr } = await line.run(args('--dry-run', ...IDL));
    expect({ status, firstLine: stderr.split('\n')[0] }).toEqual({
      status: 1,
      firstLine: 'messages that stay were released, which counts as a receive',
    });
    expect(stdout.split('\n')).toEqual([
      `12 to ${source.name}: BackupReports.progress, dead-lettered for missing-required`,
      expect.stringMatching(
        /^1 stay: its note names queue "nowhere", but the source queues .* cannot be listed \(InvalidAction\)/,
      ),
      '12 messages would be moved',
    ]);
    expect({ source: await line.depth(source), dead: await line.depth(dead) }).toEqual({
      source: { visible: 0, inFlight: 0 },
      dead: { visible: 13, inFlight: 0 },
    });
  });

  it('moves and receives no more messages than --limit allows', async () => {
    await bury(progressBodies(15), 'too-large');
    const ended = await line.run(args('--yes', '--limit', '12'));
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(ended.stdout.split('\n').at(-1)).toBe('12 messages moved');
    expect({ source: await line.depth(source), dead: await line.depth(dead) }).toEqual({
      source: { visible: 12, inFlight: 0 },
      dead: { visible: 3, inFlight: 0 },
    });
    expect(await line.receive(dead)).toEqual([1, 1, 1]);
  });

  it('moves all messages to the queue given with --to', async () => {
    const other = await line.createQueue(`${source.name}-other.fifo`);
    await bury(progressBodies(2), 'too-large');
    const ended = await line.run(args('--yes', '--to', other.arn));
    expect(ended).toMatchObject({
      status: 0,
      stderr: 'SQS does not move these messages itself (InvalidAction): moving them one by one',
    });
    expect({ other: await line.depth(other), source: await line.depth(source), dead: await line.depth(dead) }).toEqual({
      other: { visible: 2, inFlight: 0 },
      source: { visible: 0, inFlight: 0 },
      dead: { visible: 0, inFlight: 0 },
    });
  });

  it('keeps a message whose dead-letter note names a URL or the dead-letter queue itself', async () => {
    await bury([progressBody('b1')], 'too-large', 'http://127.0.0.1:1/000000000000/elsewhere');
    await bury([progressBody('b2')], 'too-large', dead.name);
    const ended = await line.run(args('--yes'));
    expect(ended.status).toBe(1);
    expect(ended.stdout.split('\n').sort()).toEqual([
      '0 messages moved',
      expect.stringContaining(`1 stay: its note names queue "${dead.name}", but `),
      '1 stay: its source queue is unknown; give a destination with --to',
    ]);
    expect(await line.depth(dead)).toEqual({ visible: 2, inFlight: 0 });
  });

  it('keeps a message that the destination queue refuses', async () => {
    source = await line.createQueue(`${source.name}-small`, { MaximumMessageSize: '1024' });
    await bury(['A'.repeat(1200), progressBody('b1')], 'too-large');
    const { status, stdout } = await line.run(args('--yes', '--json'));
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ moved: 1, failed: 1, failures: [{ messages: 1 }] });
    expect({ source: await line.depth(source), dead: await line.depth(dead) }).toEqual({
      source: { visible: 1, inFlight: 0 },
      dead: { visible: 1, inFlight: 0 },
    });
  });

  it('asks for confirmation on a terminal and refuses to run in a pipe without --yes', async () => {
    await bury(progressBodies(3), 'too-large');
    expect(await line.run(args())).toMatchObject({ status: 2, stdout: '' });
    const no = await line.onTerminal(args('--limit', '2'), 'n\n');
    expect(no.stdout).toContain(`Move at most 2 of about 3 messages of queue "${dead.name}"`);
    expect({ status: no.status, lastLine: no.stdout.trim().split('\r\n').at(-1) }).toEqual({
      status: 1,
      lastLine: 'nothing was done',
    });
    expect(await line.depth(source)).toEqual({ visible: 0, inFlight: 0 });
    const yes = await line.onTerminal(args(), 'y\n');
    expect(yes.stdout).toContain('3 of about 3 moved');
    expect({ status: yes.status, lastLine: yes.stdout.trim().split('\r\n').at(-1) }).toEqual({
      status: 0,
      lastLine: '3 messages moved',
    });
    expect(await line.depth(source)).toEqual({ visible: 3, inFlight: 0 });
  });

  it.each([
    [
      'the dead-letter queue as the destination',
      () => ['--to', dead.name],
      1,
      /^queue ".*-dead" is the source of the messages/,
    ],
    [
      'the ARN of the dead-letter queue as the destination',
      () => ['--to', dead.arn],
      1,
      /^queue ".*-dead" is the source of the messages/,
    ],
    ['a missing destination queue', () => ['--to', 'nowhere'], 1, /^QueueDoesNotExist: there is no queue "nowhere"/],
    ['an invalid destination name', () => ['--to', 'a/b'], 1, /^InvalidQueueReference: /],
    ['a limit of 0', () => ['--limit', '0'], 2, /^error: option '--limit/],
    [
      'a method that the IDL does not declare',
      () => ['--method', 'stop', '--idl', 'idl/backup.thrift'],
      2,
      /^error: --method: .* has no method "stop"/,
    ],
  ])('refuses %s before moving a message', async (_, more, status, message) => {
    await bury(progressBodies(1), 'too-large');
    const ended = await line.run(args('--yes', ...more()));
    expect(ended).toMatchObject({ status, stdout: '' });
    expect(ended.stderr.split('\n')[0]).toMatch(message);
    if (status === 1) expect(ended.stderr).not.toContain('\n');
    expect(await line.depth(dead)).toEqual({ visible: 1, inFlight: 0 });
  });

  it('prints one line when the queue is missing or the endpoint is unreachable', async () => {
    const missing = await line.run(['redrive', '--queue', 'nowhere', '--yes']);
    expect(missing).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^QueueDoesNotExist: .*$/) });
    const silent = await line.run(args('--yes', '--endpoint', 'http://127.0.0.1:1'));
    expect(silent).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^ECONNREFUSED: .*$/) });
    expect(await line.run(['redrive'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^error: required option '--queue <queue>' not specified\n/),
    });
  });
});
