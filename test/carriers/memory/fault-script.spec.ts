import { describe, expect, it } from '@jest/globals';
import { QueueError } from '../../../lib/queue/queue-error.js';
import { createMemoryQueue } from '../../../lib/carriers/memory/memory-queue.js';

const one = { max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30 };

describe('scripted faults', () => {
  const error = new QueueError('scripted', { code: 'Scripted', kind: 'throttled', queue: 'memory' });

  it('fails the given number of send calls and no other calls', async () => {
    const queue = createMemoryQueue();
    queue.fail('send', 2);
    await expect(queue.send([{ body: 'a' }])).rejects.toMatchObject({ code: 'ServiceUnavailable', retryable: true });
    expect(await queue.receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 1 })).toEqual([]);
    await expect(queue.send([{ body: 'b' }])).rejects.toBeInstanceOf(QueueError);
    expect(await queue.send([{ body: 'c' }])).toMatchObject([{ ok: true }]);
    expect(queue.messages().map(({ body }) => body)).toEqual(['c']);
  });

  it('asks the script function for each call whether to fail', async () => {
    const queue = createMemoryQueue();
    const calls: unknown[] = [];
    queue.fail('send', (call) => {
      calls.push(call);
      return call.number === 2 ? error : undefined;
    });
    await queue.send([{ body: 'a' }]);
    await expect(queue.send([{ body: 'b' }, { body: 'c' }])).rejects.toBe(error);
    expect(calls).toEqual([
      { verb: 'send', number: 1, entries: 1 },
      { verb: 'send', number: 2, entries: 2 },
    ]);
  });

  it('fails single entries of a batch', async () => {
    const queue = createMemoryQueue();
    queue.fail('send', () => [undefined, error]);
    expect(await queue.send(['a', 'b', 'c'].map((body) => ({ body })))).toMatchObject([
      { ok: true },
      { ok: false, error },
      { ok: true },
    ]);
    expect(queue.messages().map(({ body }) => body)).toEqual(['a', 'c']);
  });

  it('fails a call after the call took effect', async () => {
    const queue = createMemoryQueue();
    queue.fail('send', () => error, 'after');
    await expect(queue.send([{ body: 'a' }])).rejects.toBe(error);
    expect(queue.depth().visible).toBe(1);
    queue.fail('receive', 1, 'after');
    await expect(queue.receive(one)).rejects.toMatchObject({ code: 'ServiceUnavailable' });
    expect(queue.depth().inFlight).toBe(1);
  });

  it('stops failing calls when the count is set to 0', async () => {
    const queue = createMemoryQueue();
    queue.fail('acknowledge', 5);
    queue.fail('acknowledge', 0);
    await queue.send([{ body: 'a' }]);
    expect(await queue.acknowledge(await queue.receive(one))).toEqual([{ ok: true }]);
  });
});
