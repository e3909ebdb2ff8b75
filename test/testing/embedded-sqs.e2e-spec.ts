import { connect } from 'node:net';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openSqsQueue } from '../../lib/carriers/sqs/open-sqs-queue.js';
import { type EmbeddedSqs, type EmbeddedSqsOptions, startEmbeddedSqs } from '../../lib/testing.js';
import { loadFauxqs } from '../../lib/testing/embedded/load-fauxqs.js';
import { Programs } from '../e2e/programs.js';

/** True if a server listens there. */
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

const started: EmbeddedSqs[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

/** Starts a server that stops after the test, also after a failed assertion. */
async function start(options?: EmbeddedSqsOptions): Promise<EmbeddedSqs> {
  const server = await startEmbeddedSqs(options);
  started.push(server);
  return server;
}

describe('startEmbeddedSqs', () => {
  const programs = new Programs();
  afterEach(() => programs.endAll());

  it('serves a queue in its region with the returned credentials', async () => {
    const server = await start({ region: 'eu-west-1' });
    const created = await server.createQueue('backup', { attributes: { VisibilityTimeout: '7' } });
    expect(created).toEqual({
      name: 'backup',
      url: expect.stringContaining('/000000000000/backup'),
      arn: 'arn:aws:sqs:eu-west-1:000000000000:backup',
    });
    const { endpoint, region, credentials } = server;
    const queue = await openSqsQueue({ queue: created.arn, endpoint, region, credentials });
    expect(await queue.send([{ body: 'x' }])).toMatchObject([{ ok: true }]);
    await queue.close();
    await server.stop();
  });

  it('returns the environment variables that child processes need', async () => {
    const server = await start();
    expect(server.env).toEqual({
      AWS_ENDPOINT_URL_SQS: server.endpoint,
      AWS_ENDPOINT_URL_SNS: server.endpoint,
      AWS_ENDPOINT_URL_S3: server.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
    });
    await server.stop();
  });

  it('is reached by a strategy and by plain SDK clients of a child process with its environment', async () => {
    const server = await start({ region: 'eu-central-1' });
    await server.createQueue('backup', { deadLetterQueue: true });
    const { ready } = await programs.start('plain-clients', { env: server.env });
    expect(ready).toEqual({
      handled: 'alice',
      queues: expect.arrayContaining(['backup', 'backup-dlq']),
      topic: 'arn:aws:sns:eu-central-1:000000000000:news',
      bucket: 200,
    });
    expect(await server.listObjects('bodies')).toEqual([]);
    await programs.endAll();
    await server.stop();
  });

  it('returns credentials that a plain SDK client accepts, also several times', async () => {
    const server = await start();
    await server.createQueue('backup');
    const { endpoint, region, credentials } = server;
    for (let times = 0; times < 2; times += 1) {
      const client = new SQSClient({ endpoint, region, credentials });
      expect((await client.send(new ListQueuesCommand({}))).QueueUrls).toHaveLength(1);
      client.destroy();
    }
    await server.stop();
  });

  it('refuses an unknown option with a suggestion', async () => {
    await expect(start({ prot: 1 } as never)).rejects.toThrow(
      'startEmbeddedSqs: unknown option prot; did you mean port?',
    );
  });

  it('listens on 127.0.0.1 only and stops listening on stop()', async () => {
    const server = await start();
    const { hostname, port } = new URL(server.endpoint);
    expect(hostname).toBe('127.0.0.1');
    expect(await answers('127.0.0.1', Number(port))).toBe(true);
    // Another address of this machine, which a server on all interfaces would answer.
    expect(await answers('127.0.0.2', Number(port))).toBe(false);
    await Promise.all([server.stop(), server.stop()]);
    expect(await answers('127.0.0.1', Number(port))).toBe(false);
  });

  it('listens on the given port and rejects when the port is in use', async () => {
    const first = await start();
    const port = Number(new URL(first.endpoint).port);
    await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.stop();
    const second = await start({ port });
    expect(second.endpoint).toBe(first.endpoint);
    await second.stop();
  });

  it('ends open long polls on stop()', async () => {
    const server = await start();
    await server.createQueue('q');
    const { endpoint, region, credentials } = server;
    const queue = await openSqsQueue({ queue: 'q', endpoint, region, credentials, client: { maxAttempts: 1 } });
    const poll = queue
      .receive({ max: 1, waitSeconds: 20, visibilityTimeoutSeconds: 30 })
      .catch((error: unknown) => error);
    await queue.receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
    await server.stop();
    await poll;
    await queue.close();
  });

  it('explains in the error why a queue was not created', async () => {
    const server = await start();
    await expect(server.createQueue('q', { attributes: { VisibilityTimeout: '-1' } })).rejects.toThrow(
      'The embedded SQS did not create the queue "q": Invalid value for the parameter VisibilityTimeout.',
    );
    await server.stop();
  });
});

describe('createQueue', () => {
  let server: EmbeddedSqs;

  async function attributesOf(queueUrl: string): Promise<Record<string, string>> {
    const { endpoint, region, credentials } = server;
    const client = new SQSClient({ endpoint, region, credentials });
    const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] });
    const { Attributes } = await client.send(command);
    client.destroy();
    return Attributes!;
  }

  it.each([
    ['orders', 'orders-dlq', undefined, 3],
    ['orders.fifo', 'orders-dlq.fifo', 7, 7],
  ])('creates the dead-letter queue of %s as %s and a redrive policy', async (name, dlq, maxReceiveCount, expected) => {
    server = await start();
    const attributes = { VisibilityTimeout: '7' };
    const created = await server.createQueue(name, { attributes, deadLetterQueue: true, maxReceiveCount });
    expect(created).toMatchObject({ name, deadLetterQueue: { name: dlq } });
    const queue = await attributesOf(created.url);
    expect(queue['VisibilityTimeout']).toBe('7');
    const deadLetterTargetArn = created.deadLetterQueue.arn;
    expect(JSON.parse(queue['RedrivePolicy']!)).toMatchObject({ deadLetterTargetArn, maxReceiveCount: expected });
    expect((await attributesOf(created.deadLetterQueue.url))['QueueArn']).toBe(deadLetterTargetArn);
  });

  it('refuses attributes outside of the option attributes, and a count without a dead-letter queue', async () => {
    server = await start();
    await expect(server.createQueue('q', { VisibilityTimeout: '7' } as never)).rejects.toThrow(
      'createQueue: unknown option VisibilityTimeout; the options are attributes, deadLetterQueue, maxReceiveCount',
    );
    await expect(server.createQueue('q', { maxReceiveCount: 2 })).rejects.toThrow(
      'option maxReceiveCount needs deadLetterQueue: true',
    );
    await expect(server.createQueue('q', { deadLetterQueue: true, maxReceiveCount: 0 })).rejects.toThrow(
      'maxReceiveCount must be a whole number from 1 to 1 000, got 0',
    );
  });
});

describe('loadFauxqs', () => {
  it('names the command that installs a missing fauxqs', async () => {
    const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    await expect(loadFauxqs(() => Promise.reject(missing))).rejects.toThrow(
      'The embedded SQS needs the package fauxqs. Install it: npm install --save-dev fauxqs',
    );
  });

  it('rethrows any other import error', async () => {
    const broken = new Error('broken');
    await expect(loadFauxqs(() => Promise.reject(broken))).rejects.toBe(broken);
  });
});
