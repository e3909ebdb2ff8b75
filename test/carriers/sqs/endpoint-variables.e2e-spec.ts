import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqsQueue } from '../../../lib/carriers/sqs/open-sqs-queue.js';
import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { bareEnvironment, useBareEnvironment } from './bare-environment.js';

const KEYS = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'own', AWS_SECRET_ACCESS_KEY: 'own' };

useBareEnvironment();

describe.each(['lean', 'sdk'] as const)('an endpoint in the environment, over the data path %s', (dataPath) => {
  let fake: SqsFake;
  let other: SqsFake;
  beforeEach(async () => {
    [fake, other] = [await startSqsFake(), await startSqsFake()];
    fake.createQueue('q');
  });
  afterEach(async () => {
    await fake.stop();
    await other.stop();
  });

  it.each([
    ['AWS_ENDPOINT_URL_SQS', () => ({ AWS_ENDPOINT_URL_SQS: fake.endpoint })],
    ['AWS_ENDPOINT_URL', () => ({ AWS_ENDPOINT_URL: fake.endpoint })],
    [
      'both, of which that of SQS counts',
      () => ({ AWS_ENDPOINT_URL: other.endpoint, AWS_ENDPOINT_URL_SQS: fake.endpoint }),
    ],
  ])('gets every request: %s', async (_, variables) => {
    bareEnvironment({ ...KEYS, ...variables() });
    const queue = await openSqsQueue({ queue: 'q', dataPath });
    await queue.send([{ body: 'x' }]);
    const [message] = await queue.receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
    await queue.acknowledge([message!]);
    await queue.close();
    expect(fake.stored('q').map(({ body }) => body)).toEqual(['x']);
    expect(fake.log.requests.map(({ accessKey }) => accessKey)).toEqual(Array<string>(5).fill('own'));
    expect(other.log.requests).toEqual([]);
  });
});
