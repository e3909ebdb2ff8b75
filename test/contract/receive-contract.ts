import { expect } from '@jest/globals';
import { QueueError } from '#lib/queue/queue-error.js';
import { check, numbered, only, receiveNow, sendAll } from './contract-check.js';
import type { ContractContext } from './queue-contract.js';

/** How many, how long, and to whom. */
export function receiveContract(context: ContractContext): void {
  check(context, 'a receive returns at most the requested number of messages', async () => {
    const { queue } = await context.carrier().open();
    await sendAll(queue, numbered(5));
    expect(await receiveNow(queue, { max: 3 })).toHaveLength(3);
    expect(await receiveNow(queue, { max: 3 })).toHaveLength(2);
    expect(await receiveNow(queue, { max: 3 })).toHaveLength(0);
  });

  check(context, 'a first delivery carries its receive count, its times and a receipt', async () => {
    const { queue } = await context.carrier().open();
    await sendAll(queue, numbered(1));
    const message = only(await receiveNow(queue));
    expect(message.receiveCount).toBe(1);
    expect(message.receivedAt).toBeGreaterThanOrEqual(message.sentAt ?? Infinity);
    expect(message.receipt).not.toBe('');
  });

  check(context, 'concurrent receivers never get the same message', async () => {
    const { queue } = await context.carrier().open();
    for (let batch = 0; batch < 4; batch++) await sendAll(queue, numbered(10));
    const lists = await Promise.all(Array.from({ length: 8 }, () => receiveNow(queue, { max: 5 })));
    const ids = lists.flat().map(({ id }) => id);
    expect(ids).toHaveLength(40);
    expect(new Set(ids).size).toBe(40);
  });

  if (context.promises.features.longPolling) longPollContract(context);
}

function longPollContract(context: ContractContext): void {
  check(context, 'a new message ends a long poll', async () => {
    const { settle, open } = context.carrier();
    const { queue } = await open();
    const poll = receiveNow(queue, { waitSeconds: 20 });
    expect(await receiveNow(queue)).toEqual([]);
    const [id] = await sendAll(queue, numbered(1));
    const message = only(await settle(poll));
    expect(message.id).toBe(id);
    expect(message.receivedAt - (message.sentAt ?? 0)).toBeLessThan(1000);
  });

  check(context, 'a long poll ends without messages when its wait time is over', async () => {
    const { settle, open } = context.carrier();
    const { queue } = await open();
    expect(await settle(receiveNow(queue, { waitSeconds: 1 }))).toEqual([]);
  });

  check(context, 'an aborted long poll rejects at once and the queue stays usable', async () => {
    const { settle, open } = context.carrier();
    const { queue } = await open();
    const abort = new AbortController();
    const poll = receiveNow(queue, { waitSeconds: 20, visibilityTimeoutSeconds: 1, signal: abort.signal });
    expect(await receiveNow(queue)).toEqual([]);
    abort.abort();
    await expect(poll).rejects.toMatchObject({ code: 'RequestAborted', retryable: true });
    await expect(receiveNow(queue, { signal: abort.signal })).rejects.toBeInstanceOf(QueueError);
    const [id] = await sendAll(queue, numbered(1));
    expect(only(await settle(receiveNow(queue, { waitSeconds: 20 }))).id).toBe(id);
  });
}

/** What is left after a close. */
export function closeContract(context: ContractContext): void {
  check(context, 'every operation rejects after a close and a second close succeeds', async () => {
    const { queue } = await context.carrier().open();
    await sendAll(queue, numbered(1));
    const message = only(await receiveNow(queue));
    await Promise.all([queue.close(), queue.close()]);
    await queue.close();
    const closed = { code: 'QueueClosed', kind: 'closed', retryable: false };
    await expect(queue.send(numbered(1))).rejects.toMatchObject(closed);
    await expect(receiveNow(queue)).rejects.toMatchObject(closed);
    await expect(queue.acknowledge([message])).rejects.toMatchObject(closed);
    await expect(queue.release([{ message, seconds: 0 }])).rejects.toMatchObject(closed);
  });

  if (!context.promises.features.longPolling) return;
  check(context, 'a close ends an open long poll', async () => {
    const { queue } = await context.carrier().open();
    const poll = receiveNow(queue, { waitSeconds: 20 });
    expect(await receiveNow(queue)).toEqual([]);
    await queue.close();
    await expect(poll).rejects.toMatchObject({ code: 'QueueClosed' });
  });
}
