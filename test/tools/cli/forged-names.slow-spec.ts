import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEAD_LETTER_ATTRIBUTE } from '../../../lib/queue/dead-letter-note.js';
import type { SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { RedriveRig } from './redrive-rig.js';

let rig: RedriveRig;
let fake: SqsFake;

beforeEach(async () => {
  rig = await RedriveRig.start();
  fake = rig.fake;
  fake.createQueue('victim');
});
afterEach(() => rig.stop());

const VICTIM = 'http://127.0.0.1:1/000000000000/victim';

/** Values that a sender may write wherever a message can name a queue. */
const NAMES = ['victim', VICTIM, 'arn:aws:sqs:us-east-1:000000000000:victim', '../victim', ' victim', 'victim\n'];

/** Stores a message for each forged name in the dead-letter queue. */
function forge(): void {
  for (const queue of NAMES) {
    const text = (value: string): { DataType: string; StringValue: string } => ({
      DataType: 'String',
      StringValue: value,
    });
    fake.send('backup-dead', {
      body: JSON.stringify(['software.amazon.payloadoffloading.PayloadS3Pointer', { s3BucketName: queue, s3Key: 'k' }]),
      attributes: {
        [DEAD_LETTER_ATTRIBUTE]: text(JSON.stringify({ reason: 'truncated', queue, count: 1 })),
        DeadLetterQueueSourceArn: text(queue),
        QueueUrl: text(queue),
        ExtendedPayloadSize: text('5'),
      },
    });
  }
}

describe('a queue that only a message names', () => {
  it.each([
    ['redrive', ['redrive', '--yes']],
    ['redrive --by-hand', ['redrive', '--yes', '--by-hand']],
    ['redrive --reason', ['redrive', '--yes', '--reason', 'truncated']],
    ['redrive --dry-run', ['redrive', '--dry-run']],
    ['redrive to another queue', ['redrive', '--yes', '--source', 'backup']],
    ['peek', ['peek']],
    ['peek --take', ['peek', '--take']],
    ['tail', ['tail', '--count', String(NAMES.length)]],
    ['clear', ['clear', '--yes']],
    ['doctor', ['doctor', '--sample', '10']],
  ])('is asked for nothing by %s', async (_, [command, ...args]) => {
    forge();
    const before = NAMES.length;
    await rig.run([command!, '--queue', 'backup-dead', ...args]);
    const named = fake.log.requests.filter(({ body }) => JSON.stringify(body).includes('victim'));
    expect(named.map(({ action }) => action)).toEqual([]);
    expect(fake.log.count('ReceiveMessage').requests).toBeGreaterThan(0);
    expect(fake.depth('victim').visible).toBe(0);
    if (command === 'redrive')
      expect(rig.depths('backup-dead', 'backup')).toEqual({
        'backup-dead': { visible: before, inFlight: 0 },
        backup: { visible: 0, inFlight: 0 },
      });
  });

  it('gets its messages once the operator names it', async () => {
    forge();
    const { stdout } = await rig.redrive('backup-dead', '--source', 'victim', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ moved: 1, failed: NAMES.length - 1 });
    expect(rig.depths('victim')).toEqual({ victim: { visible: 1, inFlight: 0 } });
  });

  it('gets its messages once its redrive policy names the dead-letter queue', async () => {
    fake.createQueue('asks', { redrive: { target: 'backup-dead', maxReceiveCount: 1 } });
    const StringValue = JSON.stringify({ reason: 'truncated', queue: 'asks' });
    fake.send('backup-dead', {
      body: 'm',
      attributes: { [DEAD_LETTER_ATTRIBUTE]: { DataType: 'String', StringValue } },
    });
    expect(await rig.redrive('backup-dead', '--by-hand')).toMatchObject({ status: 0 });
    expect(rig.depths('asks')).toEqual({ asks: { visible: 1, inFlight: 0 } });
  });

  it('is refused together with --to, which moves all messages', async () => {
    const ended = await rig.redrive('backup-dead', '--source', 'victim', '--to', 'backup');
    expect(ended).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("'--to <queue>' cannot be used with option '--source <queue>'"),
    });
  });
});
