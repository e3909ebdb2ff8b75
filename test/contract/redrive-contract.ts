import { expect } from '@jest/globals';
import { check, only, receiveNow, sendAll } from './contract-check.js';
import type { ContractContext } from './queue-contract.js';

/** Messages that were received too often. */
export function redriveContract(context: ContractContext): void {
  check(
    context,
    'a message received too often moves to the dead-letter queue with its body and attributes',
    async () => {
      const { queue, deadLetterQueue } = await context.carrier().open({ maxReceiveCount: 2 });
      expect(queue.redrive).toEqual({ maxReceiveCount: 2, target: expect.stringContaining(deadLetterQueue!.name) });
      const [bad] = await sendAll(queue, [{ body: 'bad', attributes: { why: 'poison' } }]);
      for (const receiveCount of [1, 2]) {
        const message = only(await receiveNow(queue));
        expect(message.receiveCount).toBe(receiveCount);
        await queue.release([{ message, seconds: 0 }]);
      }
      expect(await receiveNow(queue)).toEqual([]);
      const dead = only(await receiveNow(deadLetterQueue as never));
      expect({ id: dead.id, body: dead.body, ...dead.attributes }).toEqual({ id: bad, body: 'bad', why: 'poison' });
    },
  );

  check(context, 'a receive returns another message in place of a moved message', async () => {
    const { queue } = await context.carrier().open({ maxReceiveCount: 1 });
    await sendAll(queue, [{ body: 'bad' }]);
    await queue.release([{ message: only(await receiveNow(queue)), seconds: 0 }]);
    const [good] = await sendAll(queue, [{ body: 'good' }]);
    expect(only(await receiveNow(queue)).id).toBe(good);
  });

  check(context, 'a queue without a redrive policy reports no redrive', async () => {
    const { queue } = await context.carrier().open();
    expect(queue.redrive).toBeUndefined();
  });
}
