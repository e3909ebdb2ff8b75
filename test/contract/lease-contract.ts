import { expect } from '@jest/globals';
import { check, kinds, numbered, only, receiveNow, sendAll } from './contract-check.js';
import type { ContractContext } from './queue-contract.js';

/** Messages that belong to a receiver for a time. */
export function leaseContract(context: ContractContext): void {
  check(context, 'a message stays hidden until its lease ends, then comes back with a higher count', async () => {
    const { settle, open } = context.carrier();
    const { queue } = await open();
    const [id] = await sendAll(queue, numbered(1));
    const first = only(await receiveNow(queue, { visibilityTimeoutSeconds: 1 }));
    expect(await receiveNow(queue)).toEqual([]);
    const second = only(await settle(receiveNow(queue, { waitSeconds: 20 })));
    expect([first.id, second.id]).toEqual([id, id]);
    expect([first.receiveCount, second.receiveCount]).toEqual([1, 2]);
    expect(second.receipt).not.toBe(first.receipt);
    const hiddenMs = second.receivedAt - first.receivedAt;
    expect(hiddenMs).toBeGreaterThanOrEqual(900);
    expect(hiddenMs).toBeLessThan(2500);
  });

  check(context, 'a message whose lease is set to 0 seconds comes back at once', async () => {
    const { queue } = await context.carrier().open();
    await sendAll(queue, numbered(1));
    const first = only(await receiveNow(queue));
    expect(kinds(await queue.release([{ message: first, seconds: 0 }]))).toEqual([true]);
    expect(only(await receiveNow(queue)).receiveCount).toBe(2);
  });

  check(context, 'a message with an extended lease comes back later', async () => {
    const { settle, open } = context.carrier();
    const { queue } = await open();
    await sendAll(queue, numbered(1));
    const first = only(await receiveNow(queue, { visibilityTimeoutSeconds: 1 }));
    expect(kinds(await queue.release([{ message: first, seconds: 2 }]))).toEqual([true]);
    const second = only(await settle(receiveNow(queue, { waitSeconds: 20 })));
    expect(second.receivedAt - first.receivedAt).toBeGreaterThanOrEqual(1900);
  });

  check(context, 'a deleted message does not come back', async () => {
    const { settle, open } = context.carrier();
    const { queue } = await open();
    const [, kept] = await sendAll(queue, numbered(2));
    const received = await receiveNow(queue, { visibilityTimeoutSeconds: 1 });
    expect(kinds(await queue.acknowledge(received.filter(({ id }) => id !== kept)))).toEqual([true]);
    expect(only(await settle(receiveNow(queue, { waitSeconds: 20 }))).id).toBe(kept);
    expect(await settle(receiveNow(queue, { waitSeconds: 1 }))).toEqual([]);
  });

  check(context, 'deleting a message twice succeeds', async () => {
    const { queue } = await context.carrier().open();
    await sendAll(queue, numbered(2));
    const received = await receiveNow(queue);
    expect(kinds(await queue.acknowledge(received.slice(0, 1)))).toEqual([true]);
    expect(kinds(await queue.acknowledge(received))).toEqual([true, true]);
    expect(kinds(await queue.acknowledge([...received, ...received]))).toEqual([true, true, true, true]);
  });

  check(context, 'the receipt of an earlier delivery cannot change a later delivery', async () => {
    const { queue } = await context.carrier().open();
    await sendAll(queue, numbered(1));
    const first = only(await receiveNow(queue));
    await queue.release([{ message: first, seconds: 0 }]);
    const second = only(await receiveNow(queue));
    await queue.acknowledge([first]);
    expect(kinds(await queue.release([{ message: first, seconds: 0 }]))).toEqual(['lease-lost']);
    expect(await receiveNow(queue)).toEqual([]);
    expect(kinds(await queue.release([{ message: second, seconds: 0 }]))).toEqual([true]);
    expect(only(await receiveNow(queue)).receiveCount).toBe(3);
  });

  check(context, 'each entry of a batch has its own outcome', async () => {
    const { queue } = await context.carrier().open();
    await sendAll(queue, numbered(3));
    const received = await receiveNow(queue);
    const entries = received.map((message, at) => ({ message, seconds: at === 1 ? 43_201 : 60 }));
    expect(kinds(await queue.release(entries))).toEqual([true, 'invalid', true]);
  });
}
