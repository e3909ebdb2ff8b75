import { Agent } from 'node:http';
import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqsQueue } from '../../../lib/carriers/sqs/open-sqs-queue.js';
import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { RecordedHosts } from './recorded-hosts.js';

const poll = { max: 10, waitSeconds: 20, visibilityTimeoutSeconds: 30 };

let fake: SqsFake;
let client: SQSClient | undefined;
beforeEach(async () => {
  fake = await startSqsFake();
  fake.createQueue('q');
});
afterEach(async () => {
  client?.destroy();
  client = undefined;
  await fake.stop();
});

async function limitOf(configuration: SQSClientConfig, ready: boolean): Promise<number | undefined> {
  const { endpoint, region, credentials } = fake;
  const config = { endpoint, region, credentials, ...configuration };
  if (ready) client = new SQSClient(config);
  const queue = await openSqsQueue({ queue: 'q', client: client ?? config });
  await queue.close();
  return queue.limits.receives;
}

describe('the number of open receives', () => {
  it('has no limit with the clients of this library', async () => {
    expect(await limitOf({}, false)).toBeUndefined();
  });

  it.each([
    [undefined, 40],
    [64, 52],
    [5, 4],
    [4, 3],
    [2, 1],
    [1, 1],
    [Infinity, undefined],
  ])('is limited by a ready client with %p sockets to %p', async (maxSockets, receives) => {
    const httpAgent = maxSockets === undefined ? {} : { httpAgent: { maxSockets } };
    expect(await limitOf({ requestHandler: httpAgent }, true)).toBe(receives);
  });

  it('is limited by all sockets of a configuration, whose long polls have a client of their own', async () => {
    expect(await limitOf({ requestHandler: { httpAgent: { maxSockets: 5 } } }, false)).toBe(5);
    expect(await limitOf({ requestHandler: { requestTimeout: 30_000 } }, false)).toBe(50);
    expect(await limitOf({ requestHandler: { httpAgent: new Agent({ maxTotalSockets: 8 }) } }, false)).toBe(8);
  });

  it('is unknown for a request handler without agents', async () => {
    const requestHandler = new RecordedHosts({ QueueUrl: 'http://localhost/1/q', Attributes: {} });
    expect(await limitOf({ requestHandler } as unknown as SQSClientConfig, true)).toBeUndefined();
  });

  it('lets 64 long polls wait at once, longer than a connection may take', async () => {
    const { endpoint, region, credentials } = fake;
    const queue = await openSqsQueue({ queue: 'q', endpoint, region, credentials });
    const all = new Promise<void>((resolve) => {
      void fake.log
        .arrival(({ action }) => action === 'ReceiveMessage' && fake.log.count(action).requests === 64)
        .then(() => resolve());
    });
    const polls = Array.from({ length: 64 }, () => queue.receive(poll).catch((error: { code: string }) => error.code));
    await all;
    await queue.close();
    expect(new Set(await Promise.all(polls))).toEqual(new Set(['QueueClosed']));
  });
});
