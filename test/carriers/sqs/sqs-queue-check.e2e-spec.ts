import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqsQueue } from '#lib/carriers/sqs/open-sqs-queue.js';
import { openSnsTopic } from '#lib/carriers/sqs/sns/open-sns-topic.js';
import type { MessageSender } from '#lib/queue/queue.js';
import { type EmbeddedSqs, startEmbeddedSqs } from '#lib/testing.js';
import { startSqsFake } from '../../fakes/sqs/sqs-fake.js';
import { credentials } from './open-fake.js';

describe('asking SQS for an answer', () => {
  let sqs: EmbeddedSqs;
  beforeAll(async () => {
    sqs = await startEmbeddedSqs();
  });
  afterAll(() => sqs.stop());

  it.each<[string, () => Promise<MessageSender>]>([
    ['a queue', async () => openSqsQueue({ queue: (await sqs.createQueue('checked')).arn, ...access() })],
    ['a topic', async () => openSnsTopic({ topic: await sqs.createTopic('checked'), ...access() })],
  ])('resolves if the service answers, and rejects once it is closed: %s', async (_, open) => {
    const sender = await open();
    await sender.check!();
    await sender.close();
    await expect(sender.check!()).rejects.toMatchObject({ kind: 'closed' });
  });

  function access() {
    return { endpoint: sqs.endpoint, credentials: sqs.credentials };
  }

  it('stores nothing, and rejects with the error of an outage or a missing permission', async () => {
    const fake = await startSqsFake();
    fake.createQueue('q');
    const queue = await openSqsQueue({ queue: 'q', endpoint: fake.endpoint, region: fake.region, credentials });
    await queue.check!();
    expect(fake.stored('q')).toEqual([]);
    fake.on('SendMessageBatch', { error: 'AccessDenied', status: 403 });
    await expect(queue.check!()).rejects.toMatchObject({ kind: 'denied' });
    await fake.refuseConnections();
    await expect(queue.check!()).rejects.toMatchObject({ kind: 'network' });
    await queue.close();
    await fake.stop();
  });
});
