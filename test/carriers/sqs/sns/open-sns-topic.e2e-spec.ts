import { SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSnsTopic } from '../../../../lib/carriers/sqs/sns/open-sns-topic.js';
import { loadSnsSdk } from '../../../../lib/carriers/sqs/sns/sns-client.js';
import type { SnsTopicOptions } from '../../../../lib/carriers/sqs/sns/sns-topic-options.js';
import { resolveSqsQueueOptions } from '../../../../lib/carriers/sqs/sqs-queue-options.js';
import { useBareEnvironment } from '../bare-environment.js';
import { type SnsFake, startSnsFake } from '../../../fakes/sns/sns-fake.js';
import { credentials } from '../open-fake.js';
import { TOPIC } from './envelopes.js';

useBareEnvironment();

let server: SnsFake;
beforeAll(async () => {
  server = await startSnsFake();
});
afterAll(() => server.stop());

const open = (options: Partial<SnsTopicOptions> = {}) =>
  openSnsTopic({ topic: TOPIC, endpoint: server.endpoint, credentials, ...options });
const location = (): string => `topic "backups" (region eu-west-1, endpoint ${server.endpoint})`;

describe('openSnsTopic', () => {
  it('opens a topic in the region of its ARN and reads its limits', async () => {
    server.on('GetTopicAttributes', {
      result: '<Attributes><entry><key>MaximumMessageSize</key><value>1048576</value></entry></Attributes>',
    });
    const topic = await open();
    expect(topic.name).toBe('backups');
    expect(topic.limits).toMatchObject({ messageBytes: 1_048_576, batchBytes: 1_048_576, batchEntries: 10 });
    expect(topic.features).toMatchObject({ delay: false, leases: false, ordered: false, body: 'text' });
    await topic.close();
    await expect(topic.send([{ body: 'x' }])).rejects.toMatchObject({ code: 'QueueClosed' });
  });

  it('uses the default limits of SNS and recognizes a FIFO topic by its name', async () => {
    server.on('GetTopicAttributes', { result: '<Attributes/>' });
    const topic = await open({ topic: `${TOPIC}.fifo` });
    expect(topic.limits).toEqual({
      messageBytes: 262_144,
      batchBytes: 262_144,
      batchEntries: 10,
      attributes: 10,
      leaseSeconds: 0,
    });
    expect(topic.features.ordered).toBe(true);
    await topic.close();
  });

  it('uses the default limits when reading the attributes is denied', async () => {
    server.on('GetTopicAttributes', { error: 'AuthorizationError', status: 403 });
    const topic = await open();
    expect(topic.limits.messageBytes).toBe(262_144);
    await topic.close();
  });

  it('leaves a given client usable after the topic is closed', async () => {
    server.on('GetTopicAttributes', { result: '<Attributes/>' });
    const client = new SNSClient({ region: 'eu-west-1', endpoint: server.endpoint, credentials });
    for (const _ of [1, 2]) {
      const topic = await openSnsTopic({ topic: TOPIC, client });
      await topic.close();
    }
    client.destroy();
  });

  it.each([
    [
      'missing-queue',
      { error: 'NotFound', status: 404 },
      /^NotFoundException: there is no %. Create it, .* for a topic that the caller may not see\.$/,
    ],
    ['credentials', { error: 'InvalidClientTokenId', status: 403 }, /AWS did not accept the credentials for %/],
    ['service', { error: 'InternalError', status: 500 }, /GetTopicAttributes failed inside the service of %/],
    ['invalid', { text: '<html/>', status: 400 }, /the answer of % to GetTopicAttributes is not from SNS/],
    ['network', 'hang', /% did not answer GetTopicAttributes within 400 ms/],
  ] as const)('fails on open with an error of kind %s', async (kind, reply, text) => {
    server.on('GetTopicAttributes', reply);
    const error = await open({ timeouts: { openMs: 400 } }).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'QueueError', kind, queue: 'backups' });
    expect((error as Error).message.replace(location(), '%')).toMatch(text);
  });

  it('reports missing credentials', async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    const timeouts = { openMs: 200 };
    await expect(open({ credentials: never, timeouts })).rejects.toThrow(/^CredentialsTimeout: no AWS credentials/);
  });

  it.each([
    [
      'a region that differs from the region of its ARN',
      { region: 'us-east-1' },
      'is in eu-west-1, but the configured region is us-east-1',
    ],
    ['a name instead of its ARN', { topic: 'backups' }, 'must be the ARN of a topic'],
    ['the ARN of a queue', { topic: TOPIC.replace('sns', 'sqs') }, 'must be the ARN of a topic'],
    ['the ARN of a subscription', { topic: `${TOPIC}:1234` }, 'must be the ARN of a topic'],
    ['an endpoint that is no URL', { endpoint: 'localhost:1' }, 'must be an http or https URL'],
    [
      'a request timeout of 0',
      { timeouts: { requestMs: 0 } },
      'timeouts.requestMs must be a whole number from 1 to 2 147 483 647, got 0',
    ],
    ['a ready client and credentials', { client: new SNSClient({}) }, 'a ready client brings its own region'],
  ])('refuses to open a topic with %s', async (_, options, text) => {
    await expect(open(options)).rejects.toMatchObject({ kind: 'invalid', message: expect.stringContaining(text) });
  });

  it('names the missing SNS package', async () => {
    const missing = Object.assign(new Error('x'), { code: 'ERR_MODULE_NOT_FOUND' });
    await expect(loadSnsSdk('backups', () => Promise.reject(missing))).rejects.toThrow(
      'PackageMissing: the topic "backups" needs the package @aws-sdk/client-sns. Install it: npm install @aws-sdk/client-sns',
    );
    const broken = new Error('broken');
    await expect(loadSnsSdk('backups', () => Promise.reject(broken))).rejects.toBe(broken);
  });
});

describe('the option envelope of a queue', () => {
  it.each([
    [{ type: 'json', topics: [TOPIC] }, '"envelope.type" must be "sns"'],
    ['sns', 'envelope must be an object, got the text "sns"'],
    [{ type: 'sns' }, '"envelope.topics" must list'],
    [{ type: 'sns', topics: [] }, '"envelope.topics" must list'],
    [{ type: 'sns', topics: TOPIC }, '"envelope.topics" must list'],
    [{ type: 'sns', topics: ['backups'] }, '"envelope.topics" must be the ARN of a topic'],
    [{ type: 'sns', topics: [TOPIC, `${TOPIC}*`] }, '"envelope.topics" must be the ARN of a topic'],
    [{ type: 'sns', topics: [TOPIC.replace(':aws:', ':aws-iso:')] }, 'cannot be checked in the partition aws-iso'],
  ])('refuses the envelope option %j', (envelope, text) => {
    expect(() => resolveSqsQueueOptions({ queue: 'q', envelope: envelope as never })).toThrow(text);
  });

  it.each([
    [{ type: 'sns', topics: [TOPIC] }],
    [{ type: 'sns', topics: [TOPIC.replace(':aws:', ':aws-us-gov:'), `${TOPIC}.fifo`] }],
    [{ type: 'sns', topics: [TOPIC.replace(':aws:', ':aws-iso:')], verify: false }],
  ] as const)('accepts the envelope option %j', (envelope) => {
    expect(resolveSqsQueueOptions({ queue: 'q', envelope }).envelope!.hosts.size).toBe(envelope.topics.length);
  });
});
