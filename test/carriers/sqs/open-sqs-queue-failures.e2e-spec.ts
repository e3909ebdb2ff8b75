import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqsQueue } from '../../../lib/carriers/sqs/open-sqs-queue.js';
import { startEmbeddedSqs, type EmbeddedSqs } from '../../../lib/testing.js';
import { useBareEnvironment } from './bare-environment.js';
import { credentials, startFake } from './open-fake.js';

const region = 'us-east-1';

useBareEnvironment();

describe('openSqsQueue failures within 5 seconds', () => {
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

  it('reports an unknown queue', async () => {
    expect(await failure({ queue: 'nobody', endpoint: server.endpoint, region, credentials })).toEqual({
      kind: 'missing-queue',
      message:
        `QueueDoesNotExist: there is no queue "nobody" (region us-east-1, endpoint ${server.endpoint}). ` +
        'Create it, or check its name, region and account; AWS gives the same answer for a queue that the caller may not see.',
    });
  });

  it('reports an unreachable endpoint', async () => {
    const fake = await startFake();
    await fake.stop();
    const { endpoint } = fake;
    expect(await failure({ queue: 'q', endpoint, region, credentials })).toEqual({
      kind: 'network',
      message:
        `ECONNREFUSED: queue "q" (region us-east-1, endpoint ${endpoint}) cannot be reached (GetQueueUrl). ` +
        'Check the endpoint, the region and the network.',
    });
  });

  it('reports a silent endpoint after the given deadline', async () => {
    const fake = await startFake();
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

  it('reports a silent endpoint after the default deadline', async () => {
    const fake = await startFake();
    fake.on('GetQueueUrl', 'hang');
    expect(await failure({ queue: 'q', endpoint: fake.endpoint, region, credentials })).toMatchObject({
      kind: 'network',
    });
    await fake.stop();
  }, 8000);

  it('reports an endpoint that is not SQS', async () => {
    const fake = await startFake();
    fake.on('GetQueueUrl', { text: '{}', status: 200 });
    expect(await failure({ queue: 'q', endpoint: fake.endpoint, region, credentials })).toMatchObject({
      message: `BrokenAnswer: the answer of queue "q" (region us-east-1, endpoint ${fake.endpoint}) to GetQueueUrl has no URL. Check that the endpoint belongs to SQS.`,
    });
    await fake.stop();
  });

  it('reports missing credentials', async () => {
    expect(await failure({ queue: 'q', region })).toEqual({
      kind: 'credentials',
      message:
        'CredentialsProviderError: no AWS credentials were found for queue "q" (region us-east-1, endpoint of AWS). ' +
        'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role, or the option "credentials".',
    });
  });

  it('reports credentials that never arrive', async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    expect(await failure({ queue: 'q', region, credentials: never, timeouts: { openMs: 200 } })).toMatchObject({
      kind: 'credentials',
      message: expect.stringMatching(/^CredentialsTimeout: no AWS credentials were found for queue "q"/),
    });
  });

  it('reports a missing region', async () => {
    expect(await failure({ queue: 'q', credentials })).toEqual({
      kind: 'invalid',
      message:
        'RegionMissing: no AWS region is set for queue "q" (region unknown, endpoint of AWS). ' +
        'Set AWS_REGION or the option "region", or give the queue by its ARN.',
    });
  });

  it.each(['arn:aws:sqs:eu-west-1:123456789012:q', 'https://sqs.eu-west-1.amazonaws.com/123456789012/q'])(
    'reports a configured region that differs from the region of %s',
    async (queue) => {
      expect(await failure({ queue, region, credentials })).toEqual({
        kind: 'invalid',
        message:
          'RegionMismatch: the queue "q" is in eu-west-1, but the region us-east-1 is configured. Remove the configured region or correct it.',
      });
    },
  );

  it('reports invalid options', async () => {
    expect(await failure({ queue: 'q', endpoint: 'localhost:4566' })).toMatchObject({
      message: 'InvalidOption: the option "endpoint" must be an http or https URL, for example http://127.0.0.1:4566.',
    });
    expect(await failure({ queue: 'q', timeouts: { requestMs: 0 } })).toMatchObject({
      message: 'InvalidOption: timeouts.requestMs must be a whole number from 1 to 2 147 483 647, got 0',
    });
  });
});
