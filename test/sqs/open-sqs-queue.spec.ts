import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import { openSqsQueue } from '../../lib/sqs/index.js';
import { startEmbeddedSqs, type EmbeddedQueue, type EmbeddedSqs } from '../../lib/testing/index.js';
import { startFakeSqs, type FakeSqs } from './fake-server.js';
import { credentials, openFake } from './open-fake.js';

const region = 'us-east-1';

/** Environment variables by which the SDK finds a region, keys or an endpoint. */
const NAMES = [
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_PROFILE',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_SQS',
];
const original = { ...process.env };

function bareEnvironment(more: Record<string, string> = {}): void {
  for (const name of NAMES) delete process.env[name];
  Object.assign(process.env, {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    ...more,
  });
}

beforeAll(() => bareEnvironment());
afterEach(() => bareEnvironment());
afterAll(() => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, original);
});

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('openSqsQueue finds a queue', () => {
  let server: EmbeddedSqs;
  let created: EmbeddedQueue;
  beforeAll(async () => {
    server = await startEmbeddedSqs();
    const dead = await server.createQueue('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 4 });
    created = await server.createQueue('backup', { MaximumMessageSize: '2048', RedrivePolicy });
  });
  afterAll(() => server.stop());

  it.each(['name', 'url', 'arn'] as const)('by its %s', async (by) => {
    const queue = await openSqsQueue({ queue: created[by], endpoint: server.endpoint, region, credentials });
    expect(queue.name).toBe('backup');
    expect(await queue.send([{ body: 'x' }])).toMatchObject([{ ok: true }]);
    await queue.close();
  });

  it('and reads what it accepts', async () => {
    const queue = await openSqsQueue({ queue: 'backup', endpoint: server.endpoint, region, credentials });
    expect(queue.limits).toEqual({
      messageBytes: 2048,
      batchBytes: 1_048_576,
      batchEntries: 10,
      attributes: 10,
      leaseSeconds: 43_200,
    });
    expect(queue.redrive).toEqual({ maxReceiveCount: 4, target: 'arn:aws:sqs:us-east-1:000000000000:dead' });
    expect(queue.features).toMatchObject({ ordered: false, delay: true, body: 'text' });
    await queue.close();
  });

  it('by the region and keys of the environment, at the endpoint of the environment', async () => {
    for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_SQS']) {
      bareEnvironment({ ...server.env, [name]: server.endpoint });
      const queue = await openSqsQueue({ queue: 'backup' });
      expect(await queue.send([{ body: 'x' }])).toMatchObject([{ ok: true }]);
      await queue.close();
    }
  });

  it('at the host of its URL when no endpoint is configured', async () => {
    const fake = await startFakeSqs();
    const queue = await openSqsQueue({ queue: `${fake.endpoint}/1/q`, region, credentials });
    expect(fake.requests.map(({ action, body }) => [action, body.QueueUrl])).toEqual([
      ['GetQueueAttributes', `${fake.endpoint}/1/q`],
    ]);
    await queue.close();
    await fake.stop();
  });

  it('at the endpoint of the environment before the host of its URL', async () => {
    const fake = await startFakeSqs();
    bareEnvironment({ AWS_ENDPOINT_URL_SQS: fake.endpoint });
    const queue = await openSqsQueue({ queue: 'http://sqs.invalid/1/q', region, credentials });
    expect(fake.requests.map(({ action }) => action)).toEqual(['GetQueueAttributes']);
    await queue.close();
    await fake.stop();
  });

  it('in the region of its ARN, in the account of its ARN', async () => {
    const fake = await startFakeSqs();
    const queue = await openSqsQueue({
      queue: 'arn:aws:sqs:eu-west-3:123456789012:q',
      endpoint: fake.endpoint,
      credentials,
    });
    expect(fake.requests[0]?.body).toEqual({ QueueName: 'q', QueueOwnerAWSAccountId: '123456789012' });
    expect(fake.requests[0]?.headers.authorization).toContain('/eu-west-3/sqs/');
    await queue.close();
    await fake.stop();
  });
});

describe('openSqsQueue with fewer permissions', () => {
  let fake: FakeSqs;
  beforeAll(async () => {
    fake = await startFakeSqs();
  });
  afterAll(() => fake.stop());

  it('goes on with the defaults when the attributes may not be read', async () => {
    fake.on('GetQueueAttributes', { error: 'AccessDenied', status: 403 });
    const queue = await openFake(fake, { queue: 'orders.fifo' });
    expect(queue.features).toMatchObject({ ordered: true, delay: false });
    expect(queue.limits.messageBytes).toBe(1_048_576);
    expect(queue.redrive).toBeUndefined();
    await queue.close();
  });

  it('says what to do when the name may not be looked up', async () => {
    fake.on('GetQueueUrl', { error: 'AccessDenied', status: 403 });
    await expect(openFake(fake)).rejects.toThrow(
      `AccessDenied: GetQueueUrl is not allowed on queue "q" (region us-east-1, endpoint ${fake.endpoint}). ` +
        'Grant sqs:GetQueueUrl, or give the queue by its URL.',
    );
  });
});

describe('openSqsQueue says within 5 seconds what is wrong', () => {
  let server: EmbeddedSqs;
  beforeAll(async () => {
    server = await startEmbeddedSqs();
  });
  afterAll(() => server.stop());

  async function failure(options: Parameters<typeof openSqsQueue>[0]): Promise<object> {
    const started = performance.now();
    const error = await openSqsQueue(options).then(
      () => ({ kind: 'opened' }),
      (thrown: { message: string; kind: string }) => ({ kind: thrown.kind, message: thrown.message }),
    );
    expect(performance.now() - started).toBeLessThan(5000);
    return error;
  }

  it('unknown queue', async () => {
    expect(await failure({ queue: 'nobody', endpoint: server.endpoint, region, credentials })).toEqual({
      kind: 'missing-queue',
      message:
        `QueueDoesNotExist: there is no queue "nobody" (region us-east-1, endpoint ${server.endpoint}). ` +
        'Create it, or check its name, region and account; AWS says the same of a queue the caller may not see.',
    });
  });

  it('unreachable endpoint', async () => {
    const endpoint = `http://127.0.0.1:${await closedPort()}`;
    expect(await failure({ queue: 'q', endpoint, region, credentials })).toEqual({
      kind: 'network',
      message:
        `ECONNREFUSED: queue "q" (region us-east-1, endpoint ${endpoint}) cannot be reached (GetQueueUrl). ` +
        'Check the endpoint, the region and the network.',
    });
  });

  it('silent endpoint', async () => {
    const fake = await startFakeSqs();
    fake.on('GetQueueUrl', 'hang');
    expect(
      await failure({ queue: 'q', endpoint: fake.endpoint, region, credentials, timeouts: { openMs: 300 } }),
    ).toEqual({
      kind: 'network',
      message:
        `NoAnswer: queue "q" (region us-east-1, endpoint ${fake.endpoint}) did not answer GetQueueUrl within 300 ms. ` +
        'Check the endpoint, the region and the network.',
    });
    await fake.stop();
  });

  it('silent endpoint, with the default deadline', async () => {
    const fake = await startFakeSqs();
    fake.on('GetQueueUrl', 'hang');
    expect(await failure({ queue: 'q', endpoint: fake.endpoint, region, credentials })).toMatchObject({
      kind: 'network',
    });
    await fake.stop();
  }, 8000);

  it('an endpoint that is not SQS', async () => {
    const fake = await startFakeSqs();
    fake.on('GetQueueUrl', { text: '{}', status: 200 });
    expect(await failure({ queue: 'q', endpoint: fake.endpoint, region, credentials })).toMatchObject({
      message: `BrokenAnswer: the answer of queue "q" (region us-east-1, endpoint ${fake.endpoint}) to GetQueueUrl has no URL. Check that the endpoint is one of SQS.`,
    });
    await fake.stop();
  });

  it('no credentials', async () => {
    expect(await failure({ queue: 'q', region })).toEqual({
      kind: 'credentials',
      message:
        'CredentialsProviderError: no AWS credentials were found for queue "q" (region us-east-1, endpoint of AWS). ' +
        'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role, or the option "credentials".',
    });
  });

  it('credentials that never come', async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    expect(await failure({ queue: 'q', region, credentials: never, timeouts: { openMs: 200 } })).toMatchObject({
      kind: 'credentials',
      message: expect.stringMatching(/^CredentialsTimeout: no AWS credentials were found for queue "q"/),
    });
  });

  it('no region', async () => {
    expect(await failure({ queue: 'q', credentials })).toEqual({
      kind: 'invalid',
      message:
        'RegionMissing: no AWS region is set for queue "q" (region unknown, endpoint of AWS). ' +
        'Set AWS_REGION or the option "region", or give the queue by its ARN.',
    });
  });

  it.each(['arn:aws:sqs:eu-west-1:123456789012:q', 'https://sqs.eu-west-1.amazonaws.com/123456789012/q'])(
    'another region than that of %s',
    async (queue) => {
      expect(await failure({ queue, region, credentials })).toEqual({
        kind: 'invalid',
        message:
          'RegionMismatch: the queue "q" is in eu-west-1, but the region us-east-1 is configured. Remove the configured region or correct it.',
      });
    },
  );

  it('wrong options', async () => {
    expect(await failure({ queue: 'q', endpoint: 'localhost:4566' })).toMatchObject({
      message: 'InvalidOption: the option "endpoint" must be an http or https URL, for example http://127.0.0.1:4566.',
    });
    expect(await failure({ queue: 'q', timeouts: { requestMs: 0 } })).toMatchObject({
      message: 'InvalidOption: the option "timeouts.requestMs" must be a whole number of milliseconds above 0.',
    });
  });
});
