import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { call } from '../../../fakes/sqs/call.js';
import type { SqsFake } from '../../../fakes/sqs/sqs-fake.js';
import { CommandLine, type Ended, type Running } from '../harness.js';
import { RedriveRig } from '../redrive-rig.js';

let line: CommandLine;
let rig: RedriveRig;
let fake: SqsFake;

beforeAll(async () => {
  line = await CommandLine.start();
});
afterAll(() => line.stop());
beforeEach(async () => {
  rig = await RedriveRig.start(line);
  fake = rig.fake;
});
afterEach(() => fake.stop());

const begin = (queue: string, ...args: string[]): Running => rig.begin(queue, ...args);
const run = (queue: string, ...args: string[]): Promise<Ended> => rig.begin(queue, ...args).ended;
const depth = (queue: string): [number, number] => rig.depth(queue);

/** Lets the redrive policy move messages, which a receive does that finds them received too often. */
async function giveUp(count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) fake.send('backup', { body: `m${at}`, attributes: {} });
  const receive = { queue: 'backup', MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
  while (fake.depth('backup').visible > 0) await call(fake, 'ReceiveMessage', receive);
}

describe('redrive by a message move task of SQS', () => {
  it('waits until SQS has moved all messages', async () => {
    await giveUp(25);
    expect(await run('backup-dead')).toEqual({ status: 0, stdout: '25 messages moved', stderr: '' });
    expect([depth('backup'), depth('backup-dead')]).toEqual([
      [25, 0],
      [0, 0],
    ]);
    expect(fake.log.count('ReceiveMessage').requests).toBe(4);
  });

  it('prints the result of the current move task with --json and ignores earlier tasks', async () => {
    await giveUp(1);
    await run('backup-dead');
    // The one that was moved back is given up again.
    await giveUp(10);
    const { status, stdout } = await run('backup-dead', '--json');
    expect([status, JSON.parse(stdout)]).toEqual([
      0,
      { queue: 'backup-dead', by: 'sqs', status: 'COMPLETED', moved: 11 },
    ]);
  });

  it('moves the messages to another queue with --to', async () => {
    fake.createQueue('other');
    await giveUp(3);
    expect(await run('backup-dead', '--to', 'other')).toEqual({ status: 0, stdout: '3 messages moved', stderr: '' });
    expect([depth('other'), depth('backup'), depth('backup-dead')]).toEqual([
      [3, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(fake.log.count('SendMessageBatch').requests).toBe(0);
  });

  it('cancels the move task on Ctrl-C', async () => {
    await giveUp(200);
    const asked = fake.log.arrival(({ action, number }) => action === 'ListMessageMoveTasks' && number === 3);
    const running = begin('backup-dead');
    await asked;
    running.kill('SIGINT');
    const { status, stdout, stderr } = await running.ended;
    const moved = fake.depth('backup').visible;
    expect([status, stdout, stderr]).toEqual([1, `${moved} messages moved`, 'cancelled; the rest is still there']);
    expect(moved).toBeLessThan(200);
    expect(moved + fake.depth('backup-dead').visible).toBe(200);
  });

  it('prints why SQS stopped the move task and suggests --by-hand', async () => {
    fake.send('backup-dead', { body: 'sent here by somebody', attributes: {} });
    const { status, stderr } = await run('backup-dead');
    expect([status, stderr]).toEqual([
      1,
      'SQS stopped: CouldNotDetermineMessageSource. Add --by-hand to move the rest',
    ]);
  });

  it('refuses to start while another move task runs', async () => {
    await giveUp(200);
    const asked = fake.log.arrival(({ action, number }) => action === 'ListMessageMoveTasks' && number === 2);
    fake.faults = ({ action, number }) =>
      action === 'ListMessageMoveTasks' && number === 2 ? { kind: 'hang' } : undefined;
    const first = begin('backup-dead');
    await asked;
    const second = await run('backup-dead');
    expect(second).toMatchObject({ status: 1, stderr: expect.stringMatching(/already, \d+ so far; wait for that$/) });
    first.kill('SIGKILL');
    await first.ended;
  });

  it('suggests --by-hand when starting a move task is denied', async () => {
    fake.faults = ({ action }) =>
      action === 'StartMessageMoveTask' ? { kind: 'error', error: 'AccessDenied' } : undefined;
    const { status, stderr } = await run('backup-dead');
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^AccessDeniedException: .* Grant sqs:StartMessageMoveTask\. Or add --by-hand\.$/),
    ]);
  });

  it('moves each message with --by-hand to the source queue that SQS reports', async () => {
    await giveUp(3);
    const { status, stdout } = await run('backup-dead', '--by-hand');
    expect([status, stdout.split('\n').at(-1)]).toEqual([0, '3 messages moved']);
    expect(depth('backup')).toEqual([3, 0]);
    expect(fake.log.count('StartMessageMoveTask').requests).toBe(0);
  });
});
