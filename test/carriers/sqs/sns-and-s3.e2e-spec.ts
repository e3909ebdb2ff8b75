import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LargePayloadOptions } from '../../../lib/carriers/sqs/extended/large-payload-options.js';
import { openSqsQueue } from '../../../lib/carriers/sqs/open-sqs-queue.js';
import { openSnsTopic } from '../../../lib/carriers/sqs/sns/open-sns-topic.js';
import type { Queue } from '../../../lib/queue/queue.js';
import { startSnsFake } from '../../fakes/sns/sns-fake.js';
import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { bareEnvironment, useBareEnvironment } from './bare-environment.js';
import { RecordedHosts } from './recorded-hosts.js';
import { later } from './stop-later.js';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const region = 'us-east-1';
const topic = `arn:aws:sns:${region}:123456789012:t`;
const now = { max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 };

useBareEnvironment();

function fail(): never {
  throw new Error('no metrics');
}

type Next = (args: never) => Promise<object>;

/** Middleware of the application that fails before or after a request. */
const failing =
  (moment: 'before' | 'after') =>
  (next: Next): Next =>
  async (args) => {
    if (moment === 'before') fail();
    await next(args);
    return fail();
  };
const FIRST = { step: 'initialize', name: 'application' } as const;

describe('requests to a topic', () => {
  const stored = '<Successful><member><Id>0</Id><MessageId>m0</MessageId></member></Successful>';

  it('count as answered when middleware fails after the answer of SNS', async () => {
    const fake = later(await startSnsFake());
    fake.on('PublishBatch', { result: stored });
    const client = new SNSClient({ region, endpoint: fake.endpoint, credentials });
    const open = await openSnsTopic({ topic, client });
    client.middlewareStack.add(failing('after') as never, FIRST);
    expect(await open.send([{ body: 'a' }])).toEqual([{ ok: true, id: 'm0' }]);
    expect(fake.requests.filter(({ Action }) => Action === 'PublishBatch')).toHaveLength(1);
    await open.close();
  });

  it('are failures of this process when they never leave it', async () => {
    const fake = later(await startSnsFake());
    const client = new SNSClient({ region, endpoint: fake.endpoint, credentials });
    const open = await openSnsTopic({ topic, client });
    client.middlewareStack.add(failing('before') as never, FIRST);
    await expect(open.send([{ body: 'a' }])).rejects.toMatchObject({
      kind: 'invalid',
      retryable: false,
      message: expect.stringContaining('PublishBatch was not sent to topic "t"') as unknown,
    });
    await open.close();
    bareEnvironment({ AWS_USE_FIPS_ENDPOINT: 'true' });
    const opening = openSnsTopic({ topic, endpoint: fake.endpoint, credentials });
    await expect(opening).rejects.toMatchObject({ code: 'EndpointError', kind: 'invalid', retryable: false });
  });
});

describe('requests to S3', () => {
  let fake: SqsFake;
  beforeEach(async () => {
    fake = later(await startSqsFake());
    fake.createQueue('q');
  });

  async function startS3(listener: RequestListener): Promise<string> {
    const server = createServer((request, response) => {
      request.resume();
      listener(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    later({ stop: () => server.close().closeAllConnections() });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function open(options: Partial<LargePayloadOptions>): Promise<Queue> {
    const { endpoint } = fake;
    const largePayloads = { bucket: 'bodies', threshold: 0, ...options };
    const queue = await openSqsQueue({ queue: 'q', region, endpoint, credentials, largePayloads });
    later({ stop: () => queue.close() });
    return queue;
  }

  it('count as answered when middleware fails after the answer of S3', async () => {
    let requests = 0;
    const endpoint = await startS3((_, response) => {
      requests += 1;
      response.end();
    });
    const client = new S3Client({ region, endpoint, credentials, forcePathStyle: true });
    client.middlewareStack.add(failing('after') as never, FIRST);
    const queue = await open({ client });
    expect(await queue.send([{ body: 'a' }])).toMatchObject([{ ok: true }]);
    expect(requests).toBe(1);
  });

  it('are failures of this process when they never leave it', async () => {
    const client = new S3Client({ region, endpoint: 'http://localhost:1', credentials });
    client.middlewareStack.add(failing('before') as never, FIRST);
    const both: S3ClientConfig = { useFipsEndpoint: true, endpoint: 'http://localhost:1' };
    for (const given of [client, both]) {
      const queue = await open({ client: given });
      const [result] = await queue.send([{ body: 'a' }]);
      expect(result).toMatchObject({
        ok: false,
        error: {
          kind: 'invalid',
          retryable: false,
          message: expect.stringContaining('PutObject was not sent to bucket "bodies"') as unknown,
        },
      });
    }
    expect(fake.stored('q')).toEqual([]);
  });

  it('may be repeated when a body arrives with a wrong checksum', async () => {
    const endpoint = await startS3(({ method }, response) => {
      if (method === 'PUT') return void response.end();
      response.writeHead(200, { 'content-length': 1, 'x-amz-checksum-crc32': 'AAAAAA==' }).end('b');
    });
    const queue = await open({ endpoint });
    await queue.send([{ body: 'a' }]);
    const [message] = await queue.receive(now);
    expect(message).toMatchObject({ fault: { code: 'BrokenAnswer', kind: 'network', retryable: true } });
  });

  it('use FIPS hosts if the region of the queue asks for them', async () => {
    const bodies = new RecordedHosts();
    const messages = new RecordedHosts({
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/q',
      Attributes: {},
      Successful: [{ Id: '0', MessageId: 'm' }],
    });
    const handledBy = (requestHandler: RecordedHosts) => ({ requestHandler }) as unknown as SQSClientConfig;
    const queue = await openSqsQueue({
      queue: 'q',
      region: 'fips-us-east-1',
      credentials,
      client: handledBy(messages),
      largePayloads: { bucket: 'bodies', threshold: 0, client: handledBy(bodies) as never },
    });
    expect(await queue.send([{ body: 'a' }])).toMatchObject([{ ok: true }]);
    expect([...messages.seen]).toEqual(['https://sqs-fips.us-east-1.amazonaws.com us-east-1']);
    expect([...bodies.seen]).toEqual(['https://bodies.s3-fips.us-east-1.amazonaws.com us-east-1']);
    await queue.close();
  });
});
