import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ScriptedRequest } from '../../fakes/sqs/faults.js';
import type { Reply } from '../../fakes/sqs/replies.js';
import type { SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { delivery, openFake, startFake } from './open-fake.js';

let server: SqsFake;
beforeEach(async () => {
  server = await startFake();
});
afterEach(() => server.stop());

/** Takes only requests signed with the keys that are valid at the moment. */
function onlyWith(valid: () => string, reply: Reply): (request: ScriptedRequest) => Reply {
  return ({ accessKey }) => (accessKey === valid() ? reply : { error: 'ExpiredTokenException', status: 403 });
}

const removed: Reply = { json: { Successful: [{ Id: '0' }] } };

describe('rotated keys', () => {
  it('asks the provider once for new keys, however many requests were refused', async () => {
    let current = 'v1';
    let asked = 0;
    const provider = (): Promise<{ accessKeyId: string; secretAccessKey: string }> => {
      asked += 1;
      return Promise.resolve({ accessKeyId: current, secretAccessKey: 'secret' });
    };
    const queue = await openFake(server, { credentials: provider });
    server.on(
      'DeleteMessageBatch',
      onlyWith(() => current, removed),
    );
    server.on(
      'ReceiveMessage',
      onlyWith(() => current, { json: {} }),
    );
    expect(await queue.acknowledge([delivery('r')])).toEqual([{ ok: true }]);
    for (const keys of ['v2', 'v3']) {
      current = keys;
      const [before, from] = [asked, server.log.requests.length];
      const removals = Array.from({ length: 8 }, () => queue.acknowledge([delivery('r')]));
      const receive = queue.receive({ max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
      expect(await Promise.all(removals)).toEqual(removals.map(() => [{ ok: true }]));
      expect(await receive).toEqual([]);
      expect(asked - before).toBe(1);
      expect(server.log.requests.length - from).toBeLessThanOrEqual(18);
    }
    await queue.close();
  });

  it('fails the request while the provider still returns expired keys', async () => {
    const queue = await openFake(server);
    server.on('DeleteMessageBatch', { error: 'ExpiredTokenException', status: 403 });
    await expect(queue.acknowledge([delivery('r')])).rejects.toMatchObject({ kind: 'credentials', retryable: true });
    expect(server.log.requests.filter(({ action }) => action === 'DeleteMessageBatch')).toHaveLength(1);
    await queue.close();
  });

  it('does not ask for new keys after an access denial', async () => {
    let asked = 0;
    const keys = { accessKeyId: 'v1', secretAccessKey: 'secret' };
    const queue = await openFake(server, { credentials: () => Promise.resolve({ ...keys, number: ++asked }) });
    server.on('DeleteMessageBatch', { error: 'AccessDenied', status: 403 });
    await expect(queue.acknowledge([delivery('r')])).rejects.toMatchObject({ kind: 'denied' });
    expect(asked).toBe(1);
    await queue.close();
  });
});
