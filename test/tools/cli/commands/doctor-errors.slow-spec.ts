import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSqsFake, type SqsFake } from '../../../fakes/sqs/sqs-fake.js';
import { progressBody } from '../bodies.js';
import { wrongIn } from '../doctor-report.js';
import { CommandLine, type Ended } from '../harness.js';

describe('doctor against scripted SQS errors', () => {
  let fake: SqsFake;
  let line: CommandLine;

  beforeEach(async () => {
    fake = await startSqsFake({ checkSignatureTime: true });
    fake.createQueue('backup-dead', { retentionSeconds: 1_209_600 });
    fake.createQueue('backup', { redrive: { target: 'backup-dead', maxReceiveCount: 5 } });
    line = CommandLine.against(fake);
  });
  afterEach(() => fake.stop());

  const run = (...args: string[]): Promise<Ended> => line.run(['doctor', '--queue', 'backup', '--json', ...args]);
  const deny = (...actions: string[]): void => {
    fake.faults = ({ action }) => (actions.includes(action) ? { kind: 'error', error: 'AccessDenied' } : undefined);
  };

  it('reports denied permissions as a failure', async () => {
    deny('SendMessageBatch', 'ReceiveMessage');
    const ended = await run();
    expect({ status: ended.status, wrong: wrongIn(ended) }).toEqual({ status: 1, wrong: ['permissions fail'] });
    expect(ended.stdout).toContain('"Grant sqs:SendMessage, sqs:ReceiveMessage on this queue."');
  });

  it('warns instead of failing when reading the queue attributes is denied', async () => {
    deny('GetQueueAttributes');
    const ended = await run();
    expect({ status: ended.status, wrong: wrongIn(ended) }).toEqual({ status: 0, wrong: ['permissions warn'] });
  });

  it('checks the permissions with empty batches that send and delete nothing', async () => {
    fake.send('backup', { body: progressBody('b1'), attributes: {} });
    await run();
    expect(fake.log.count('SendMessageBatch').outcomes).toEqual({ EmptyBatchRequest: 1 });
    expect(fake.log.count('DeleteMessageBatch').outcomes).toEqual({ EmptyBatchRequest: 1 });
    expect(fake.messages('backup')).toMatchObject([{ state: 'visible', receiveCount: 1 }]);
  });

  it('reports a missing dead-letter queue as a failure', async () => {
    fake.faults = ({ action, body: { QueueName } }) =>
      action === 'GetQueueUrl' && QueueName === 'backup-dead'
        ? { kind: 'error', error: 'QueueDoesNotExist' }
        : undefined;
    expect(wrongIn(await run())).toEqual(['redrive fail']);
  });

  it('reports a clock skew of 10 minutes even when SQS rejects every request', async () => {
    fake.skewMs = 600_000;
    const corrected = await run();
    expect({ status: corrected.status, wrong: wrongIn(corrected) }).toEqual({ status: 1, wrong: ['clock fail'] });
    fake.faults = () => ({ kind: 'error', error: 'InvalidSignature' });
    expect(wrongIn(await run())).toEqual(['credentials fail', 'clock fail']);
  });

  it('stops sampling before a message loses its last receive for a worker', async () => {
    fake.createQueue('frail', { redrive: { target: 'backup-dead', maxReceiveCount: 2 } });
    for (let at = 0; at < 20; at += 1) fake.send('frail', { body: progressBody(`b${at}`), attributes: {} });
    const { stdout } = await line.run(['doctor', '--queue', 'frail', '--sample', '20', '--json']);
    expect(stdout).toContain(
      '1 message received and released, which counts as a receive; the sample ended there, because another look would leave 1 of them no receive',
    );
    expect(fake.depth('frail')).toEqual({ visible: 20, inFlight: 0, delayed: 0 });
  });
});
