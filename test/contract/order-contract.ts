import { expect } from '@jest/globals';
import type { Queue } from '#lib/queue/queue.js';
import type { ReceivedMessage, WireMessage } from '#lib/queue/wire-message.js';
import { check, kinds, only, receiveNow, sendAll } from './contract-check.js';
import type { ContractContext } from './queue-contract.js';

/** Message groups. */
export function orderContract(context: ContractContext): void {
  const openFifo = async (): Promise<Queue> => (await context.carrier().open({ fifo: true })).queue;

  check(context, 'declares that the queue is ordered', async () => {
    expect((await openFifo()).features.ordered).toBe(true);
  });

  check(context, 'each message group arrives in the order of sending', async () => {
    const queue = await openFifo();
    await sendAll(queue, ofGroups('a1', 'b1', 'a2', 'b2', 'a3'));
    const seen: Record<string, unknown[]> = { a: [], b: [] };
    for (let received = await receiveNow(queue); received.length > 0; received = await receiveNow(queue)) {
      for (const { groupId = '', body } of received) seen[groupId]?.push(body);
      await queue.acknowledge(received);
    }
    expect(seen).toEqual({ a: ['a1', 'a2', 'a3'], b: ['b1', 'b2'] });
  });

  check(context, 'a message in flight locks its message group and no other group', async () => {
    const queue = await openFifo();
    await sendAll(queue, ofGroups('a1', 'a2', 'b1'));
    expect(bodies(await receiveNow(queue, { max: 1 }))).toEqual(['a1']);
    expect(bodies(await receiveNow(queue))).toEqual(['b1']);
    expect(await receiveNow(queue)).toEqual([]);
  });

  check(context, 'the next message of a group arrives after the previous message is deleted', async () => {
    const queue = await openFifo();
    await sendAll(queue, ofGroups('a1', 'a2'));
    await queue.acknowledge([only(await receiveNow(queue, { max: 1 }))]);
    expect(bodies(await receiveNow(queue))).toEqual(['a2']);
  });

  check(context, 'a released message comes before the later messages of its group', async () => {
    const queue = await openFifo();
    await sendAll(queue, ofGroups('a1', 'a2'));
    const first = only(await receiveNow(queue, { max: 1 }));
    await queue.release([{ message: first, seconds: 0 }]);
    const again = only(await receiveNow(queue, { max: 1 }));
    expect([again.body, again.receiveCount]).toEqual(['a1', 2]);
  });

  check(context, 'one receive brings several messages of a group', async () => {
    const queue = await openFifo();
    await sendAll(queue, ofGroups('a1', 'a2', 'a3', 'b1'));
    expect(bodies(await receiveNow(queue))).toEqual(['a1', 'a2', 'a3', 'b1']);
  });

  check(context, 'a receive returns a message group up to its first hidden message', async () => {
    const queue = await openFifo();
    await sendAll(queue, ofGroups('a1', 'a2', 'a3'));
    const [first, , third] = await receiveNow(queue);
    await queue.release([first, third].map((message) => ({ message: message as ReceivedMessage, seconds: 0 })));
    expect(bodies(await receiveNow(queue))).toEqual(['a1']);
  });

  check(context, 'the queue stores a repeated deduplication id once and answers with the same message id', async () => {
    const queue = await openFifo();
    const message = { body: 'once', groupId: 'a', deduplicationId: 'd1' };
    const [first] = await sendAll(queue, [message]);
    const [again, other] = await sendAll(queue, [
      { ...message, body: 'again' },
      { ...message, deduplicationId: 'd2' },
    ]);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    const received = only(await receiveNow(queue, { max: 1 }));
    expect([received.id, received.body]).toEqual([first, 'once']);
    await queue.acknowledge([received]);
    expect(only(await receiveNow(queue)).id).toBe(other);
  });

  check(context, 'a message without a group or with a delay fails without failing its batch', async () => {
    const queue = await openFifo();
    const outcomes = await queue.send([
      { body: 'no group', deduplicationId: '1' },
      { body: 'delayed', groupId: 'a', deduplicationId: '2', delaySeconds: 5 },
      { body: 'good', groupId: 'a', deduplicationId: '3' },
    ]);
    expect(kinds(outcomes)).toEqual(['invalid', 'invalid', true]);
  });
}

/** `a1` is the first message of the group `a`. */
function ofGroups(...names: string[]): WireMessage[] {
  return names.map((body) => ({ body, groupId: body.charAt(0), deduplicationId: body }));
}

function bodies(received: readonly ReceivedMessage[]): unknown[] {
  return received.map(({ body }) => body);
}
