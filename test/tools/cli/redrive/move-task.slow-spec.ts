import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { call } from '../../../fakes/sqs/call.js';
import type { SqsFake } from '../../../fakes/sqs/sqs-fake.js';
import { RedriveRig } from '../redrive-rig.js';

let rig: RedriveRig;
let fake: SqsFake;

beforeEach(async () => {
  rig = await RedriveRig.start();
  fake = rig.fake;
});
afterEach(() => rig.stop());

/** Lets the redrive policy move messages, which a receive does that finds them received too often. */
async function giveUp(count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) fake.send('backup', { body: `m${at}`, attributes: {} });
  const receive = { queue: 'backup', MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
  while (fake.depth('backup').visible > 0) await call(fake, 'ReceiveMessage', receive);
}

describe('redrive by a message move task of SQS', () => {
  it('waits until SQS has moved all messages', async () => {
    await giveUp(25);
    expect(await rig.redrive('backup-dead')).toEqual({ status: 0, stdout: '25 messages moved', stderr: '' });
    expect(rig.depths('backup', 'backup-dead')).toEqual({
      backup: { visible: 25, inFlight: 0 },
      'backup-dead': { visible: 0, inFlight: 0 },
    });
    expect(fake.log.count('ReceiveMessage').requests).toBe(4);
  });

  it('prints the result of the current move task with --json and ignores earlier tasks', async () => {
    await giveUp(1);
    await rig.redrive('backup-dead');
    // The one that was moved back is given up again.
    await giveUp(10);
    const { status, stdout } = await rig.redrive('backup-dead', '--json');
    expect({ status, report: JSON.parse(stdout) }).toEqual({
      status: 0,
      report: { queue: 'backup-dead', by: 'sqs', status: 'COMPLETED', moved: 11 },
    });
  });

  it('moves the messages to another queue with --to', async () => {
    fake.createQueue('other');
    await giveUp(3);
    expect(await rig.redrive('backup-dead', '--to', 'other')).toEqual({
      status: 0,
      stdout: '3 messages moved',
      stderr: '',
    });
    expect(rig.depths('other', 'backup', 'backup-dead')).toEqual({
      other: { visible: 3, inFlight: 0 },
      backup: { visible: 0, inFlight: 0 },
      'backup-dead': { visible: 0, inFlight: 0 },
    });
    expect(fake.log.count('SendMessageBatch').requests).toBe(0);
  });

  it('cancels the move task on Ctrl-C', async () => {
    await giveUp(200);
    const asked = fake.log.arrival(({ action, number }) => action === 'ListMessageMoveTasks' && number === 3);
    const running = rig.begin('backup-dead');
    await asked;
    running.kill('SIGINT');
    const { status, stdout, stderr } = await running.ended;
    const moved = fake.depth('backup').visible;
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: `${moved} messages moved`,
      stderr: 'cancelled; the other messages are still in the queue',
    });
    expect(moved).toBeLessThan(200);
    expect(moved + fake.depth('backup-dead').visible).toBe(200);
  });

  it('refuses to start while another move task runs', async () => {
    await giveUp(200);
    const asked = fake.log.arrival(({ action, number }) => action === 'ListMessageMoveTasks' && number === 2);
    fake.faults = ({ action, number }) =>
      action === 'ListMessageMoveTasks' && number === 2 ? { kind: 'hang' } : undefined;
    const first = rig.begin('backup-dead');
    await asked;
    const second = await rig.redrive('backup-dead');
    expect(second).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/already, \d+ so far; wait for the end of that move$/),
    });
    first.kill('SIGKILL');
    await first.ended;
  });

  it('suggests --by-hand when starting a move task is denied', async () => {
    fake.faults = ({ action }) =>
      action === 'StartMessageMoveTask' ? { kind: 'error', error: 'AccessDenied' } : undefined;
    const { status, stderr } = await rig.redrive('backup-dead');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^AccessDeniedException: .* Grant sqs:StartMessageMoveTask\. Or add --by-hand\.$/),
    });
  });

  it('moves each message with --by-hand to the source queue that SQS reports', async () => {
    await giveUp(3);
    const { status, stdout } = await rig.redrive('backup-dead', '--by-hand');
    expect({ status, lastLine: stdout.split('\n').at(-1) }).toEqual({ status: 0, lastLine: '3 messages moved' });
    expect(rig.depths('backup')).toEqual({ backup: { visible: 3, inFlight: 0 } });
    expect(fake.log.count('StartMessageMoveTask').requests).toBe(0);
  });
});
