import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { openSqsQueue } from '../../lib/carriers/sqs/open-sqs-queue.js';
import { startEmbeddedSqs } from '../../lib/testing/index.js';
import { loadFauxqs } from '../../lib/testing/embedded-sqs.js';

/** True if a server listens there. */
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

describe('startEmbeddedSqs', () => {
  it('serves a queue in its region with the returned credentials', async () => {
    const server = await startEmbeddedSqs({ region: 'eu-west-1' });
    const created = await server.createQueue('backup', { VisibilityTimeout: '7' });
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
    const server = await startEmbeddedSqs();
    expect(server.env).toEqual({
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
      SQS_ENDPOINT: server.endpoint,
    });
    await server.stop();
  });

  it('listens on 127.0.0.1 only and stops listening on stop()', async () => {
    const server = await startEmbeddedSqs();
    const { hostname, port } = new URL(server.endpoint);
    expect(hostname).toBe('127.0.0.1');
    expect(await answers('127.0.0.1', Number(port))).toBe(true);
    // Another address of this machine, which a server on all interfaces would answer.
    expect(await answers('127.0.0.2', Number(port))).toBe(false);
    await Promise.all([server.stop(), server.stop()]);
    expect(await answers('127.0.0.1', Number(port))).toBe(false);
  });

  it('listens on the given port and rejects when the port is in use', async () => {
    const first = await startEmbeddedSqs();
    const port = Number(new URL(first.endpoint).port);
    await expect(startEmbeddedSqs({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.stop();
    const second = await startEmbeddedSqs({ port });
    expect(second.endpoint).toBe(first.endpoint);
    await second.stop();
  });

  it('ends open long polls on stop()', async () => {
    const server = await startEmbeddedSqs();
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
    const server = await startEmbeddedSqs();
    await expect(server.createQueue('q', { VisibilityTimeout: '-1' })).rejects.toThrow(
      'The embedded SQS did not create the queue "q": Invalid value for the parameter VisibilityTimeout.',
    );
    await server.stop();
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
