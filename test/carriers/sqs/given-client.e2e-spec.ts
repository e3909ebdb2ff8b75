import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { QueueError } from '../../../lib/queue/queue-error.js';
import { openSqsQueue } from '../../../lib/carriers/sqs/open-sqs-queue.js';
import { resolveSqsQueueOptions } from '../../../lib/carriers/sqs/sqs-queue-options.js';
import { openSnsTopic } from '../../../lib/carriers/sqs/sns/open-sns-topic.js';
import { resolveSnsTopicOptions } from '../../../lib/carriers/sqs/sns/sns-topic-options.js';
import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';

const region = 'us-east-1';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const topic = `arn:aws:sns:${region}:123456789012:t`;
const access = { region, credentials };

const clients = { SQS: new SQSClient(access), SNS: new SNSClient(access), S3: new S3Client(access) };

/** Checks a value of the option `client` for each service. */
const RESOLVE: Readonly<Record<keyof typeof clients, (client: unknown) => unknown>> = {
  SQS: (client) => resolveSqsQueueOptions({ queue: 'q', client: client as never }),
  SNS: (client) => resolveSnsTopicOptions({ topic, client: client as never }),
  S3: (client) => resolveSqsQueueOptions({ queue: 'q', largePayloads: { bucket: 'bodies', client: client as never } }),
};
const SERVICES = Object.keys(RESOLVE) as (keyof typeof clients)[];

describe('the option client', () => {
  const values: readonly (readonly [what: string, value: unknown, got: string])[] = [
    ['a number', 42, 'got 42.'],
    ['a text', 'sqs', 'got the text "sqs".'],
    ['true', true, 'got the boolean true.'],
    ['null', null, 'got null.'],
    ['a list', [], 'got an array.'],
    ['a function', () => clients.SQS, 'got a function.'],
    ['a class', SQSClient, 'got a function.'],
    ['a promise', Promise.resolve(clients.SQS), 'got a promise. Await the client first.'],
    ['a client of SDK 2', { config: {}, makeRequest() {}, sendMessage() {} }, 'got an object of another kind.'],
    ['half a client', { send() {} }, 'got an object of another kind.'],
    ['a middleware stack', { middlewareStack: {} }, 'got an object of another kind.'],
  ];
  it.each(SERVICES.flatMap((service) => values.map((value) => [service, ...value] as const)))(
    'of %s refuses %s',
    (service, _, value, got) => {
      const option = service === 'S3' ? 'largePayloads.client' : 'client';
      const wanted = `${service}Client of @aws-sdk/client-${service.toLowerCase()} or its configuration`;
      expect(() => RESOLVE[service](value)).toThrow(
        `InvalidOption: the option "${option}" must be an ${wanted}, ${got}`,
      );
    },
  );

  it.each(SERVICES.flatMap((service) => SERVICES.map((other) => [service, other] as const)))(
    'of %s takes a client of %s only if both are the same service',
    (service, other) => {
      const resolve = (): unknown => RESOLVE[service](clients[other]);
      if (service === other) expect(resolve).not.toThrow();
      else expect(resolve).toThrow(`must be an ${service}Client of`);
    },
  );

  it.each(SERVICES)('of %s takes a configuration, a subclass of its client and a copy of it', (service) => {
    const copy = Object.create(clients[service]) as object;
    const Subclass = class extends SQSClient {};
    for (const value of [{}, { maxAttempts: 1 }, Object.create(null), copy, undefined]) RESOLVE[service](value);
    if (service === 'SQS') RESOLVE.SQS(new Subclass(access));
  });
});

let fake: SqsFake | undefined;
afterEach(async () => {
  await fake?.stop();
  fake = undefined;
});

/** Makes a client look as if another version of the SDK had made it. */
function fromVersion<Client extends { readonly config: object }>(
  client: Client,
  version: string,
  more: object,
): Client {
  Object.assign(client.config, {
    defaultUserAgentProvider: async () => [
      ['aws-sdk-js', version],
      ['ua', '2.1'],
    ],
    ...more,
  });
  return client;
}

/** The version that a client of this package's SDK reports. */
async function versionOf(client: SQSClient | SNSClient | S3Client): Promise<string> {
  const pairs = (await client.config.defaultUserAgentProvider()) as [string, string?][];
  return pairs.find(([name]) => name === 'aws-sdk-js')![1]!;
}

describe('a ready client from another copy of the SDK', () => {
  const failing = {
    serializeRequest: () => Promise.reject(new TypeError('schema.map is not a function')),
    setSerdeContext: () => undefined,
  };
  const throwing = {
    ...failing,
    setSerdeContext: () => {
      throw new Error('serializerMiddleware is not found');
    },
  };

  it.each([
    ['has no protocol for commands with schemas', { protocol: undefined }],
    ['has a protocol of another shape', { protocol: 'json' }],
    ['throws before it returns a promise', { protocol: throwing }],
    ['fails to write the command', { protocol: failing }],
  ])('is refused with both versions and a remedy if it %s', async (_, config) => {
    fake = await startSqsFake();
    fake.createQueue('q');
    const client = fromVersion(new SQSClient({ ...access, endpoint: fake.endpoint }), '3.300.0', config);
    const error = await openSqsQueue({ queue: 'q', client }).catch((thrown: QueueError) => thrown);
    expect(error).toMatchObject({ code: 'ClientMismatch', kind: 'invalid', retryable: false, queue: 'q' });
    const ours = await versionOf(clients.SQS);
    expect((error as QueueError).message).toBe(
      `ClientMismatch: the given client is from @aws-sdk/client-sqs 3.300.0, and this library sends commands of ${ours}, which that client cannot send. ` +
        `Install one version for both: npm install @aws-sdk/client-sqs@${ours}; npm ls @aws-sdk/client-sqs shows the copies. Or pass a configuration instead of a client.`,
    );
    expect(fake.log.requests).toEqual([]);
    client.destroy();
  });

  it('is refused for a topic and for S3, too', async () => {
    const old = { protocol: undefined };
    const snsClient = fromVersion(new SNSClient(access), '3.300.0', old);
    await expect(openSnsTopic({ topic, client: snsClient })).rejects.toThrow(
      `@aws-sdk/client-sns 3.300.0, and this library sends commands of ${await versionOf(clients.SNS)}`,
    );
    fake = await startSqsFake();
    fake.createQueue('q');
    const { endpoint } = fake;
    const largePayloads = { bucket: 'bodies', client: fromVersion(new S3Client(access), '3.300.0', old) };
    await expect(openSqsQueue({ queue: 'q', ...access, endpoint, largePayloads })).rejects.toThrow(
      `@aws-sdk/client-s3 3.300.0, and this library sends commands of ${await versionOf(clients.S3)}`,
    );
  });

  it('is used if it can send the commands', async () => {
    fake = await startSqsFake();
    fake.createQueue('q');
    const client = fromVersion(new SQSClient({ ...access, endpoint: fake.endpoint }), '3.1000.0', {});
    const queue = await openSqsQueue({ queue: 'q', client });
    expect(await queue.send([{ body: 'x' }])).toMatchObject([{ ok: true }]);
    await queue.close();
    client.destroy();
  });

  it('is not blamed for a queue that does not exist, nor for a wrong endpoint', async () => {
    fake = await startSqsFake();
    const client = fromVersion(new SQSClient({ ...access, endpoint: fake.endpoint }), '3.1000.0', {});
    await expect(openSqsQueue({ queue: 'q', client })).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
    const both = fromVersion(
      new SQSClient({ ...access, endpoint: 'http://localhost:1', useFipsEndpoint: true }),
      '3.1',
      {},
    );
    await expect(openSqsQueue({ queue: 'q', client: both })).rejects.toMatchObject({ code: 'EndpointError' });
    client.destroy();
  });
});
