import { channel } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { QueueError } from '#lib/queue/queue-error.js';
import type { SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { credentials, delivery, openFake, startFake } from './open-fake.js';

describe.each(['lean', 'sdk'] as const)('odd credentials, over the data path %s', (dataPath) => {
  let fake: SqsFake;
  beforeEach(async () => {
    fake = await startFake();
    fake.on('DeleteMessageBatch', { json: { Successful: [{ Id: '0' }] } });
  });
  afterEach(() => fake.stop());

  it.each([undefined, null, ''])('send no header for the session token %p', async (sessionToken) => {
    const queue = await openFake(fake, { dataPath, credentials: { ...credentials, sessionToken: sessionToken! } });
    expect(await queue.acknowledge([delivery('r')])).toEqual([{ ok: true }]);
    await queue.close();
    expect(fake.log.requests.at(-1)!.headers).not.toHaveProperty('x-amz-security-token');
  });

  it('are a fault of this process if they are no header, and work again once they are', async () => {
    let sessionToken = 'good';
    const provider = (): Promise<object> =>
      Promise.resolve({ ...credentials, sessionToken, expiration: new Date(Date.now() + 1) });
    const queue = await openFake(fake, { dataPath, credentials: provider as never });
    sessionToken = 'bad\nx-injected: 1';
    const error = await queue.acknowledge([delivery('r')]).catch((failure: QueueError) => failure);
    expect(error).toMatchObject({ kind: 'invalid', retryable: false });
    sessionToken = 'good';
    expect(await queue.acknowledge([delivery('r')])).toEqual([{ ok: true }]);
    await queue.close();
    expect(fake.log.count('DeleteMessageBatch').requests).toBe(1);
  });
});

describe('the lean data path', () => {
  it('hands no request to its pool that a connection would refuse, since the pool would lose the connection', async () => {
    const fake = await startFake();
    fake.on('DeleteMessageBatch', { json: { Successful: [{ Id: '0' }] } });
    let sessionToken = 'good';
    const provider = (): Promise<object> =>
      Promise.resolve({ ...credentials, sessionToken, expiration: new Date(Date.now() + 1) });
    const queue = await openFake(fake, { dataPath: 'lean', credentials: provider as never });
    let connections = 0;
    const count = (): void => void connections++;
    channel('undici:client:connected').subscribe(count);
    for (const token of ['good', 'bad\n', 'bad\n', 'good', 'bad\n', 'good']) {
      sessionToken = token;
      const result = await queue.acknowledge([delivery('r')]).catch(() => 'refused');
      expect(result).toEqual(token === 'good' ? [{ ok: true }] : 'refused');
    }
    channel('undici:client:connected').unsubscribe(count);
    await queue.close();
    await fake.stop();
    expect(connections).toBeLessThanOrEqual(2);
  });
});
