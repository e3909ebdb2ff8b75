import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { QueueAdmin } from '../../../lib/carriers/sqs/queue-admin.js';
import { ACCOUNT } from '../../fakes/sqs/queues.js';
import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { bareEnvironment, useBareEnvironment } from './bare-environment.js';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const region = 'us-east-1';
const DEAD = `arn:aws:sqs:us-east-1:${ACCOUNT}:dead`;

useBareEnvironment();

let fake: SqsFake;
beforeEach(async () => {
  fake = await startSqsFake();
  fake.createQueue('q');
  fake.createQueue('dead');
});
afterEach(() => fake.stop());

describe('the options for a queue beside another queue', () => {
  it.each(['dead', DEAD])(
    'stay at the host of a queue URL, also with FIPS and dual-stack settings: %s',
    async (queue) => {
      bareEnvironment({ AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'true' });
      const admin = await QueueAdmin.open({ queue: `${fake.endpoint}/123456789012/q`, region, credentials });
      const other = await QueueAdmin.open(admin.beside(queue));
      expect([other.name, other.region]).toEqual(['dead', region]);
      expect(await other.depth()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
      other.close();
      admin.close();
    },
  );

  it.each([
    ['dead', 'dead'],
    [DEAD, 'dead'],
    ['arn:aws:sqs:us-east-1:210987654321:dead', 'arn:aws:sqs:us-east-1:210987654321:dead'],
  ])('keep a configured endpoint, and need no ARN in the same account: %s', async (queue, as) => {
    const admin = await QueueAdmin.open({ queue: 'q', endpoint: fake.endpoint, region, credentials });
    expect(admin.attributes?.QueueArn).toBe(DEAD.replace('dead', 'q'));
    expect(admin.beside(queue)).toMatchObject({ queue: as, endpoint: fake.endpoint });
    const other = await QueueAdmin.open(admin.beside(queue));
    expect(other.name).toBe('dead');
    other.close();
    admin.close();
  });
});

describe('a probe for a permission', () => {
  it('decides by the answer of SQS, and stores nothing', async () => {
    const admin = await QueueAdmin.open({ queue: 'q', endpoint: fake.endpoint, region, credentials });
    fake.faults = ({ action }) =>
      action === 'DeleteMessageBatch' ? { kind: 'error', error: 'AccessDenied', status: 403 } : undefined;
    expect(await admin.mayDo('SendMessageBatch')).toBe(true);
    expect(await admin.mayDo('ChangeMessageVisibilityBatch')).toBe(true);
    expect(await admin.mayDo('DeleteMessageBatch')).toBe(false);
    fake.faults = () => ({ kind: 'error', error: 'RequestThrottled' });
    await expect(admin.mayDo('SendMessageBatch')).rejects.toMatchObject({ kind: 'throttled' });
    expect(fake.stored('q')).toEqual([]);
    admin.close();
  });
});
