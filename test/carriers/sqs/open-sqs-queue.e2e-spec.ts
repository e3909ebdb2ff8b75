import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqsQueue } from '../../../lib/carriers/sqs/open-sqs-queue.js';
import { startEmbeddedSqs, type EmbeddedQueue, type EmbeddedSqs } from '../../../lib/testing.js';
import type { SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { bareEnvironment, useBareEnvironment } from './bare-environment.js';
import { credentials, openFake, startFake } from './open-fake.js';

const region = 'us-east-1';

useBareEnvironment();

describe('openSqsQueue', () => {
  let server: EmbeddedSqs;
  let created: EmbeddedQueue;
  beforeAll(async () => {
    server = await startEmbeddedSqs();
    const dead = await server.createQueue('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 4 });
    created = await server.createQueue('backup', { attributes: { MaximumMessageSize: '2048', RedrivePolicy } });
  });
  afterAll(() => server.stop());

  it.each(['name', 'url', 'arn'] as const)('opens a queue by its %s', async (by) => {
    const queue = await openSqsQueue({ queue: created[by], endpoint: server.endpoint, region, credentials });
    expect(queue.name).toBe('backup');
    expect(await queue.send([{ body: 'x' }])).toMatchObject([{ ok: true }]);
    await queue.close();
  });

  it('reads the limits, features and redrive policy of a queue', async () => {
    const queue = await openSqsQueue({ queue: 'backup', endpoint: server.endpoint, region, credentials });
    expect(queue.limits).toEqual({
      messageBytes: 2048,
      batchBytes: 1_048_576,
      batchEntries: 10,
      attributes: 10,
      leaseSeconds: 43_200,
      waitSeconds: 0.5,
    });
    expect(queue.redrive).toEqual({ maxReceiveCount: 4, target: 'arn:aws:sqs:us-east-1:000000000000:dead' });
    expect(queue.features).toMatchObject({ ordered: false, delay: true, body: 'text' });
    await queue.close();
  });

  it('opens a queue with the region, keys and endpoint of the environment', async () => {
    const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = server.env;
    for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_SQS']) {
      bareEnvironment({ AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, [name]: server.endpoint });
      const queue = await openSqsQueue({ queue: 'backup' });
      expect(await queue.send([{ body: 'x' }])).toMatchObject([{ ok: true }]);
      await queue.close();
    }
  });

  it('opens a queue at the host of its URL when no endpoint is configured', async () => {
    const fake = await startFake();
    const queue = await openSqsQueue({ queue: `${fake.endpoint}/1/q`, region, credentials });
    expect(fake.log.requests.map(({ action, body }) => [action, body.QueueUrl])).toEqual([
      ['GetQueueAttributes', `${fake.endpoint}/1/q`],
    ]);
    await queue.close();
    await fake.stop();
  });

  it('prefers the endpoint of the environment to the host of the queue URL', async () => {
    const fake = await startFake();
    bareEnvironment({ AWS_ENDPOINT_URL_SQS: fake.endpoint });
    const queue = await openSqsQueue({ queue: 'http://sqs.invalid/1/q', region, credentials });
    expect(fake.log.requests.map(({ action }) => action)).toEqual(['GetQueueAttributes']);
    await queue.close();
    await fake.stop();
  });

  it('opens a queue in the region and the account of its ARN', async () => {
    const fake = await startFake();
    const queue = await openSqsQueue({
      queue: 'arn:aws:sqs:eu-west-3:123456789012:q',
      endpoint: fake.endpoint,
      credentials,
    });
    expect(fake.log.requests[0]?.body).toEqual({ QueueName: 'q', QueueOwnerAWSAccountId: '123456789012' });
    expect(fake.log.requests[0]?.headers.authorization).toContain('/eu-west-3/sqs/');
    await queue.close();
    await fake.stop();
  });
});

describe('openSqsQueue with fewer permissions', () => {
  let fake: SqsFake;
  beforeAll(async () => {
    fake = await startFake();
  });
  afterAll(() => fake.stop());

  it('uses the default limits when reading the attributes is denied', async () => {
    fake.on('GetQueueAttributes', { error: 'AccessDenied', status: 403 });
    const queue = await openFake(fake, { queue: 'orders.fifo' });
    expect(queue.features).toMatchObject({ ordered: true, delay: false });
    expect(queue.limits.messageBytes).toBe(1_048_576);
    expect(queue.redrive).toBe('unknown');
    await queue.close();
  });

  it('names the missing permission when the lookup of the queue name is denied', async () => {
    fake.on('GetQueueUrl', { error: 'AccessDenied', status: 403, query: 'AccessDenied;Sender' });
    await expect(openFake(fake)).rejects.toThrow(
      `AccessDenied: GetQueueUrl is not allowed on queue "q" (region us-east-1, endpoint ${fake.endpoint}). ` +
        'Grant sqs:GetQueueUrl, or give the queue by its URL.',
    );
  });
});
