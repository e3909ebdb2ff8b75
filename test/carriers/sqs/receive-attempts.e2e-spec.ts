import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Queue } from '../../../lib/queue/queue.js';
import { ReceiveAttempts } from '../../../lib/carriers/sqs/receive-attempts.js';
import type { SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { openFake, startFake } from './open-fake.js';

describe('ReceiveAttempts', () => {
  it('returns a fresh attempt id while no receive fails', () => {
    const attempts = new ReceiveAttempts();
    expect(attempts.next(0)).not.toBe(attempts.next(0));
  });

  it('returns each failed attempt id once more, oldest first', () => {
    const attempts = new ReceiveAttempts();
    attempts.fail('a', 0);
    attempts.fail('b', 1);
    expect([attempts.next(2), attempts.next(2)]).toEqual(['a', 'b']);
    expect(attempts.next(2)).not.toMatch(/^[ab]$/);
  });

  it('forgets a failed attempt id after 5 minutes', () => {
    const attempts = new ReceiveAttempts();
    attempts.fail('a', 0);
    attempts.fail('b', 1);
    expect(attempts.next(300_000)).toBe('b');
  });
});

describe('a receive from a FIFO queue', () => {
  let server: SqsFake;
  let queue: Queue;
  beforeEach(async () => {
    server = await startFake();
    queue = await openFake(server, { queue: 'q.fifo' });
  });
  afterEach(async () => {
    await queue.close();
    await server.stop();
  });

  const receive = (): Promise<unknown> => queue.receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
  const ids = (): unknown[] =>
    server.log.requests
      .filter(({ action }) => action === 'ReceiveMessage')
      .map(({ body }) => body.ReceiveRequestAttemptId);

  it('sends a new attempt id with each FIFO receive', async () => {
    server.on('ReceiveMessage', { json: {} });
    await receive();
    await receive();
    const [first, second] = ids();
    expect(first).toEqual(expect.any(String));
    expect(second).not.toBe(first);
  });

  it('repeats the attempt id after a lost answer', async () => {
    server.on('ReceiveMessage', { text: '{"Messages":[', status: 200 });
    await expect(receive()).rejects.toMatchObject({ code: 'BrokenAnswer' });
    server.on('ReceiveMessage', { json: {} });
    await receive();
    await receive();
    const [lost, again, fresh] = ids();
    expect(again).toBe(lost);
    expect(fresh).not.toBe(lost);
  });

  it('sends a new attempt id after a refusal', async () => {
    server.on('ReceiveMessage', { error: 'OverLimit', status: 403 });
    await expect(receive()).rejects.toMatchObject({ kind: 'over-limit' });
    server.on('ReceiveMessage', { json: {} });
    await receive();
    const [refused, next] = ids();
    expect(next).not.toBe(refused);
  });
});
