import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SQSClient } from '@aws-sdk/client-sqs';
import { openSqsQueue } from '../../../lib/carriers/sqs/open-sqs-queue.js';
import type { SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { credentials, delivery, openFake, startFake } from './open-fake.js';

const region = 'us-east-1';
const poll = { max: 10, waitSeconds: 20, visibilityTimeoutSeconds: 30 };

describe('the clients of a queue', () => {
  let server: SqsFake;
  beforeEach(async () => {
    server = await startFake();
  });
  afterEach(() => server.stop());

  it('long polls take no connection from deletes', async () => {
    const queue = await openFake(server, { client: { requestHandler: { httpAgent: { maxSockets: 1 } } } });
    server.on('ReceiveMessage', 'hang');
    server.on('DeleteMessageBatch', { json: { Successful: [{ Id: '0' }] } });
    const arrival = server.log.arrival('ReceiveMessage');
    const open = queue.receive(poll);
    await arrival;
    expect(await queue.acknowledge([delivery('r')])).toEqual([{ ok: true }]);
    await Promise.all([queue.close(), expect(open).rejects.toMatchObject({ code: 'QueueClosed' })]);
  });

  it('asks a credential provider once for both clients', async () => {
    let asked = 0;
    const queue = await openFake(server, { credentials: async () => ({ ...credentials, at: ++asked }) });
    server.on('ReceiveMessage', { json: {} });
    server.on('DeleteMessageBatch', { json: { Successful: [{ Id: '0' }] } });
    await Promise.all([queue.receive({ ...poll, waitSeconds: 0 }), queue.acknowledge([delivery('r')])]);
    await queue.close();
    expect(asked).toBe(1);
  });

  it('leaves given credentials unchanged', async () => {
    const frozen = Object.freeze({ ...credentials });
    const queue = await openFake(server, { credentials: frozen });
    await queue.close();
    expect(Object.keys(frozen)).toEqual(['accessKeyId', 'secretAccessKey']);
  });

  it('passes further client configuration on to the SDK', async () => {
    const queue = await openSqsQueue({
      queue: 'q',
      client: { region, endpoint: server.endpoint, credentials, maxAttempts: 1 },
    });
    server.on('DeleteMessageBatch', { error: 'InternalFailure', status: 500 });
    await expect(queue.acknowledge([delivery('r')])).rejects.toMatchObject({ code: 'InternalFailure' });
    expect(server.log.requests.filter(({ action }) => action === 'DeleteMessageBatch')).toHaveLength(1);
    await queue.close();
  });
});

describe('a ready client', () => {
  let server: SqsFake;
  let client: SQSClient;
  beforeEach(async () => {
    server = await startFake();
    client = new SQSClient({ region, endpoint: server.endpoint, credentials });
  });
  afterEach(async () => {
    client.destroy();
    await server.stop();
  });

  it('leaves a ready client usable after the queue is closed', async () => {
    let destroyed = false;
    const destroy = client.destroy.bind(client);
    client.destroy = () => {
      destroyed = true;
      destroy();
    };
    const queue = await openSqsQueue({ queue: 'q', client });
    await queue.close();
    expect(destroyed).toBe(false);
    const again = await openSqsQueue({ queue: 'q', client });
    await again.close();
    expect(server.log.requests.map(({ action }) => action)).toEqual([
      'GetQueueUrl',
      'GetQueueAttributes',
      'GetQueueUrl',
      'GetQueueAttributes',
    ]);
  });

  it('keeps good messages when a ready client checks checksums itself', async () => {
    const MD5OfBody = createHash('md5').update('good').digest('hex');
    const Messages = ['good', 'flipped'].map((Body, at) => ({
      MessageId: `m${at}`,
      ReceiptHandle: `r${at}`,
      Body,
      MD5OfBody,
    }));
    server.on('ReceiveMessage', { json: { Messages } });
    const queue = await openSqsQueue({ queue: 'q', client });
    const received = await queue.receive({ ...poll, waitSeconds: 0 });
    expect(received.map(({ body, defect }) => [body, defect?.reason])).toEqual([
      ['good', undefined],
      ['flipped', 'md5-mismatch'],
    ]);
    expect(client.config.md5).not.toBe(false);
    await queue.close();
  });

  it('cuts a request of a ready client at the deadline', async () => {
    server.on('SendMessageBatch', 'hang');
    const queue = await openSqsQueue({ queue: 'q', client, timeouts: { requestMs: 200 } });
    await expect(queue.send([{ body: 'a' }])).rejects.toMatchObject({ code: 'NoAnswer' });
    await queue.close();
  });

  it('refuses a ready client with a region, an endpoint or credentials', async () => {
    for (const more of [{ region }, { endpoint: server.endpoint }, { credentials }]) {
      await expect(openSqsQueue({ queue: 'q', client, ...more })).rejects.toThrow(
        'InvalidOption: a ready client brings its own region, endpoint and credentials.',
      );
    }
  });
});
