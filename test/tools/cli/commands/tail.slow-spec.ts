import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmbeddedQueue } from '../../../../lib/testing.js';
import { IDL, progressBodies } from '../bodies.js';
import { CommandLine, IN_SHELL } from '../harness.js';

let line: CommandLine;
let queue: EmbeddedQueue;

beforeAll(async () => {
  line = await CommandLine.start();
});
afterAll(() => line.stop());
beforeEach(async () => {
  queue = await line.createOwnQueue('queues');
});

const inQueue = (): string[] => ['--queue', queue.name];

/** A queue whose messages SQS moves away after so many receives. */
async function withPolicy(maxReceiveCount: number): Promise<void> {
  queue = await line.createQueueWithDeadLetters(`${queue.name}-policy`, maxReceiveCount);
}

/** Each line of what a command printed, as JSON. */
const idsIn = (stdout: string): string[] =>
  stdout.split('\n').map((text) => {
    const { calls } = JSON.parse(text) as { calls: { args: { progress: { id: string } } }[] };
    return calls[0]!.args.progress.id;
  });

describe('tail', () => {
  it('prints each message once', async () => {
    await line.fill(queue, progressBodies(12));
    const tail = line.begin(['tail', ...inQueue(), ...IDL, '--json', '--count', '14']);
    await tail.printed('b11');
    await line.fill(queue, progressBodies(2, 12));
    const { status, stdout, stderr } = await tail.ended;
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: `following queue "${queue.name}"; each look counts as a receive (--help lists the other costs)`,
    });
    expect(idsIn(stdout).sort()).toEqual(Array.from({ length: 14 }, (_, at) => `b${at}`).sort());
  }, 60_000);

  it('prints one line for each message, also for a message that cannot be decoded', async () => {
    await line.fill(queue, ['!', ...progressBodies(1)]);
    const { stdout } = await line.run(['tail', ...inQueue(), ...IDL, '--count', '2']);
    const time = String.raw`\d{4}-\d\d-\d\dT\S+Z [0-9a-f-]{36}`;
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${time} not-base64: the body of 1 characters`)),
      expect.stringMatching(new RegExp(`^${time} BackupReports\\.progress \\{"progress":\\{"id":"b0","state":"DONE"`)),
    ]);
  });

  it('exits with code 0 on SIGINT', async () => {
    await line.fill(queue, progressBodies(1));
    const tail = line.begin(['tail', ...inQueue(), ...IDL, '--json']);
    await tail.printed('b0');
    tail.kill('SIGINT');
    expect((await tail.ended).status).toBe(0);
    const { visible, inFlight } = await line.depth(queue);
    expect(visible + inFlight).toBe(1);
  });

  it('releases the held messages on SIGINT', async () => {
    await line.fill(queue, progressBodies(3));
    const tail = line.begin(['tail', ...inQueue(), ...IDL, '--json']);
    await tail.printed('b');
    // The test needs a second look, which hides the message. Only the receive count shows that
    // look.
    for (let looks = 0; looks < 2;) {
      looks = Math.max(looks, ...(await line.receive(queue, { hiddenSeconds: 1, waitSeconds: 2 })));
    }
    tail.kill('SIGINT');
    expect((await tail.ended).status).toBe(0);
    expect(await line.depth(queue)).toEqual({ visible: 3, inFlight: 0 });
  });

  it('stops before a message loses its last receive for a worker', async () => {
    await withPolicy(3);
    await line.fill(queue, progressBodies(1));
    const { status, stdout, stderr } = await line.run(['tail', ...inQueue(), ...IDL, '--json']);
    expect({ status, ids: idsIn(stdout) }).toEqual({ status: 1, ids: ['b0'] });
    expect(stderr).toMatch(
      /\nstopped: message \S+ was received 2 times; one more look would leave no receive for a worker/,
    );
    expect(await line.receive(queue, { waitSeconds: 2 })).toHaveLength(1);
  });

  it('exits with code 1 when maxReceiveCount is 1', async () => {
    await withPolicy(1);
    const { status, stderr } = await line.run(['tail', ...inQueue(), ...IDL]);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^queue ".*" has a maxReceiveCount of 1: .*$/),
    });
  });

  it('exits with code 0 when the reader closes the pipe', async () => {
    await line.fill(queue, progressBodies(1));
    const pipe = line.shell(`set -o pipefail; ${IN_SHELL} tail --queue ${queue.name} --json | head -1`);
    await pipe.printed('messageId');
    // The one that cannot be printed any more is what tells it.
    await line.fill(queue, progressBodies(1, 1));
    const { status, stdout } = await pipe.ended;
    expect({ status, lines: stdout.split('\n').length }).toEqual({ status: 0, lines: 1 });
  });
});

const COMMANDS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['peek', ['peek']],
  ['send', ['send', 'startBackup', '{"request":{"id":"a","userId":"b","requestedAt":0}}', ...IDL]],
  ['tail', ['tail', '--count', '1']],
  ['clear', ['clear', '--yes']],
  ['clear --purge', ['clear', '--purge', '--yes']],
];

describe.each(COMMANDS)('%s', (_, args) => {
  it.each<[string, string[], RegExp]>([
    [
      'a missing queue',
      ['--queue', 'nowhere'],
      /^QueueDoesNotExist: there is no queue "nowhere" \(region us-east-1, endpoint http:\S+\)\. Create it, or check its name/,
    ],
    [
      'a wrong region',
      ['--queue', 'arn:aws:sqs:eu-west-1:000000000000:backup', '--region', 'us-east-1'],
      /^RegionMismatch: the queue "backup" is in eu-west-1, but the region us-east-1 is configured\. Remove/,
    ],
    [
      'an unreachable endpoint',
      ['--queue', 'backup', '--endpoint', 'http://127.0.0.1:9'],
      /^ECONNREFUSED: queue "backup" \(region us-east-1, endpoint http:\/\/127\.0\.0\.1:9\) cannot be reached .*Check the endpoint/,
    ],
    [
      'an invalid queue name',
      ['--queue', 'no queue'],
      /^InvalidQueueReference: the option "queue" must be a queue's name/,
    ],
  ])('exits with code 1 and one line on standard error for %s', async (__, flags, message) => {
    const { status, stdout, stderr } = await line.run([...args, ...flags]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('\n');
  });

  it('exits with code 2 when --queue is missing', async () => {
    const { status, stderr } = await line.run(args);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: required option '--queue <queue>' not specified/);
  });

  it('prints an example with --help', async () => {
    const { status, stdout } = await line.run([args[0]!, '--help']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/\nExample:\n {2}nestjs-sqs-thrift /);
  });
});
