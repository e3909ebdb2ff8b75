import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmbeddedQueue } from '../../../../lib/testing.js';
import { IDL, progressBody } from '../bodies.js';
import { CommandLine, IN_SHELL } from '../harness.js';

/** A message with more than a pipe holds. */
const large = progressBody('b'.repeat(300_000));

let line: CommandLine;
let queue: EmbeddedQueue;

beforeAll(async () => {
  line = await CommandLine.start();
});
afterAll(() => line.stop());
beforeEach(async () => {
  queue = await line.createOwnQueue('peek');
});

const inQueue = (): string[] => ['--queue', queue.name];

describe('peek', () => {
  it('prints a message in readable form and releases the message', async () => {
    await line.fill(queue, [progressBody('b1')], { tenant: 'a\u001b[31m' });
    const { status, stdout, stderr } = await line.runAlone(['peek', ...inQueue(), ...IDL]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'released; this look counts as a receive' });
    expect(stdout.replace(/[0-9a-f-]{36}/, 'ID').replace(/sent \d+ s/, 'sent 1 s'))
      .toBe(`message ID of ${queue.name}, sent 1 s ago, received 1 time, this receive included
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
    expect(await line.depth(queue)).toEqual({ visible: 1, inFlight: 0 });
  });

  it('prints field ids, types and values when no IDL is given', async () => {
    await line.fill(queue, [progressBody('b1')]);
    const { stdout } = await line.run(['peek', ...inQueue(), '--json']);
    const { calls } = JSON.parse(stdout) as { calls: { method: string; fields: { fields: unknown[] }[] }[] };
    expect(calls[0]!.method).toBe('progress');
    expect(calls[0]!.fields[0]).toMatchObject({ id: 1, type: 'struct' });
    expect(calls[0]!.fields[0]!.fields.slice(0, 2)).toEqual([
      { id: 1, type: 'string', value: 'b1' },
      { id: 2, type: 'i32', value: 3 },
    ]);
  });

  /** A queue whose messages SQS moves away after so many receives. */
  async function withPolicy(maxReceiveCount: number): Promise<void> {
    queue = await line.createQueueWithDeadLetters(`${queue.name}-policy`, maxReceiveCount);
    await line.fill(queue, [progressBody('b1')]);
  }

  it('prints how many receives are left before the message is dead-lettered', async () => {
    await withPolicy(2);
    const first = await line.run(['peek', ...inQueue()]);
    expect(first.stderr).toBe(
      'released; this look counts as a receive, and 1 of 2 receives are left before SQS moves the message to the dead-letter queue',
    );
    const second = await line.run(['peek', ...inQueue()]);
    expect(second.stderr).toContain(
      'it was the last receive, and the next receive moves the message to the dead-letter queue',
    );
  });

  it('refuses to receive a message when maxReceiveCount is 1 unless --take is given', async () => {
    await withPolicy(1);
    const refused = await line.run(['peek', ...inQueue()]);
    expect(refused).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^queue ".*" has a maxRec.*$/),
    });
    expect((await line.run(['peek', '--take', ...inQueue()])).status).toBe(0);
  });

  it.each([
    ['a closed pipe', '| true'],
    ['a pipe closed after 10 bytes', '| head -c 10 > /dev/null'],
    ['a full disk', '> /dev/full'],
  ])('releases the message with --take when writing the output fails: %s', async (_, where) => {
    await line.fill(queue, [large]);
    const peek = `${IN_SHELL} peek --take --queue ${queue.name} --json`;
    const { status, stderr } = await line.shell(`set -o pipefail; ${peek} ${where}`).ended;
    expect(status).toBe(1);
    expect(stderr).toMatch(/^the message was released and not deleted: the output could not be written: .*$/);
    expect(await line.depth(queue)).toEqual({ visible: 1, inFlight: 0 });
  });

  it('prints the message and then deletes the message with --take', async () => {
    await line.fill(queue, [progressBody('b1')]);
    const { status, stdout, stderr } = await line.run(['peek', '--take', ...inQueue(), ...IDL]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'deleted' });
    expect(stdout).toContain('"id": "b1"');
    expect(await line.depth(queue)).toEqual({ visible: 0, inFlight: 0 });
  });

  /** Sixty structs in one another, and in the innermost as many empty ones as a message holds: a line each, of 250 spaces. */
  function amplified(): string {
    const count = 786_000 - 300;
    const size = [(count & 127) | 128, ((count >>> 7) & 127) | 128, count >>> 14];
    const header = [0x82, 0x81, 0, 1, 0x6d];
    const list = [...Array<number>(60).fill(0x1c), 0x19, 0xfc, ...size];
    return Buffer.concat([Buffer.from([...header, ...list]), Buffer.alloc(count + 61)]).toString('base64');
  }

  it('prints only the beginning of a message that expands to very large output', async () => {
    await line.fill(queue, [amplified()]);
    const { status, stdout, stderr } = await line.run(['peek', ...inQueue()]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'released; this look counts as a receive' });
    expect(stdout.length).toBeLessThan(25_000);
    expect(stdout).toMatch(/\nm \(compact, oneway, seqid 0\)\n\[\{"id":1,.*… \d+ more characters; --json prints all$/);
    expect(await line.depth(queue)).toEqual({ visible: 1, inFlight: 0 });
  });

  it('prints a message that expands to very large output in full with --json', async () => {
    await line.fill(queue, [amplified()]);
    const { status, stdout, stderr } = await line.run(['peek', ...inQueue(), '--json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('"fields":[]')).toHaveLength(786_000 - 300 + 1);
  });

  it('prints the raw body with --take when the readable output is cut', async () => {
    const whole = amplified();
    await line.fill(queue, [whole]);
    const { status, stdout, stderr } = await line.run(['peek', '--take', ...inQueue()]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'deleted' });
    expect(stdout.split('\n').at(-1)).toBe(`body: ${whole}`);
    expect(await line.depth(queue)).toEqual({ visible: 0, inFlight: 0 });
  });

  it('exits with code 3 when no message can be received', async () => {
    expect(await line.run(['peek', '--wait', '0', ...inQueue(), '--json'])).toEqual({
      status: 3,
      stdout: '',
      stderr: '',
    });
    const { stderr } = await line.run(['peek', '--wait', '0', ...inQueue()]);
    expect(stderr).toBe(
      `queue "${queue.name}" has no message to receive: the queue is empty, or all messages are in flight or delayed`,
    );
  });

  it.each([
    ['no base64', 'hello \u009bworld', 'not-base64: the body of 12 characters is no base64: it has a blank at 6'],
    [
      'bytes of an unknown protocol',
      'AAAA',
      'unknown-protocol: the body starts with 0x00, which no known protocol does',
    ],
    ['an unknown method', progressBody('b1'), 'unknown-method: no service here has a method "progress"'],
  ])('prints the raw body of a message with %s and exits with code 1', async (_, garbage, problem) => {
    await line.fill(queue, [garbage]);
    const { status, stdout, stderr } = await line.run(['peek', ...inQueue(), ...IDL, '--service', 'BackupQueue']);
    expect(status).toBe(1);
    expect(stdout).toContain(`\n${problem}`);
    expect(stdout).toContain(`\nbody: ${garbage.replace('\u009b', '\\u009b')}`);
    expect(stderr.split('\n').at(-1)).toContain(`the message cannot be decoded: ${problem}`);
    expect(await line.depth(queue)).toEqual({ visible: 1, inFlight: 0 });
  });
});
