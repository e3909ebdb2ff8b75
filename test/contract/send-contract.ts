import { expect } from '@jest/globals';
import { check, idOf, kinds, numbered, only, receiveNow, sendAll } from './contract-check.js';
import type { ContractContext } from './queue-contract.js';

/** Ids, bodies, batches. */
export function sendContract(context: ContractContext): void {
  check(context, 'message ids are unique and follow the order of the request', async () => {
    const { queue } = await context.carrier().open();
    const messages = numbered(10);
    const ids = await sendAll(queue, messages);
    expect(new Set(ids).size).toBe(10);
    const received = await receiveNow(queue);
    expect(Object.fromEntries(received.map(({ id, body }) => [id, body]))).toEqual(
      Object.fromEntries(ids.map((id, at) => [id, messages[at]?.body])),
    );
  });

  check(context, 'a body arrives as it was sent', async () => {
    const { queue } = await context.carrier().open();
    const bodies = ['gAEABA==', '["json"]', ' \t\r\n ', 'ä € 漢 \uE000 \uFFFD', 'x'.repeat(100_000)];
    await sendAll(
      queue,
      bodies.map((body) => ({ body })),
    );
    const received = await receiveNow(queue);
    expect(received.map(({ body }) => body).sort()).toEqual(bodies.sort());
    expect(received.map(({ defect }) => defect)).toEqual(bodies.map(() => undefined));
  });

  check(context, 'a body beyond the basic plane arrives as it was sent', async () => {
    const { queue } = await context.carrier().open();
    await sendAll(queue, [{ body: 'an emoji \u{1F980}' }]);
    expect(only(await receiveNow(queue)).body).toBe('an emoji \u{1F980}');
  });

  check(context, 'an invalid entry fails without failing its batch', async () => {
    const { queue } = await context.carrier().open();
    const outcomes = await queue.send([{ body: 'first' }, { body: '' }, { body: 'third' }]);
    expect(kinds(outcomes)).toEqual([true, 'invalid', true]);
    const received = await receiveNow(queue);
    expect(received.map(({ body }) => body).sort()).toEqual(['first', 'third']);
  });

  check(context, 'the queue refuses a batch without entries or with too many entries', async () => {
    const { queue } = await context.carrier().open();
    const tooMany = numbered(queue.limits.batchEntries + 1);
    await expect(queue.send([])).rejects.toMatchObject({ kind: 'invalid', code: 'EmptyBatchRequest' });
    await expect(queue.send(tooMany)).rejects.toMatchObject({ kind: 'invalid', code: 'TooManyEntriesInBatchRequest' });
    await expect(queue.acknowledge([])).rejects.toMatchObject({ kind: 'invalid' });
    await expect(queue.release([])).rejects.toMatchObject({ kind: 'invalid' });
    expect(await receiveNow(queue)).toEqual([]);
  });
}

/** String attributes and the group id beside the body. */
export function attributesContract(context: ContractContext): void {
  check(context, 'attributes arrive as they were sent', async () => {
    const { queue } = await context.carrier().open();
    const attributes = {
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      'x.tenant-id_1': 'ä 漢',
    };
    await sendAll(queue, [{ body: 'with', attributes }]);
    const received = only(await receiveNow(queue));
    expect({ ...received.attributes }).toEqual(attributes);
    expect(received.defect).toBeUndefined();
  });

  check(
    context,
    'a message without attributes arrives with an empty attributes object without a prototype',
    async () => {
      const { queue } = await context.carrier().open();
      await sendAll(queue, [{ body: 'without' }]);
      const { attributes } = only(await receiveNow(queue));
      expect(Object.keys(attributes)).toEqual([]);
      expect(Object.getPrototypeOf(attributes)).toBeNull();
    },
  );

  check(context, 'the group id of a message arrives on a standard queue', async () => {
    const { queue } = await context.carrier().open();
    await sendAll(queue, [{ body: 'of a tenant', groupId: 'tenant-1' }]);
    expect(only(await receiveNow(queue)).groupId).toBe('tenant-1');
  });

  check(context, 'the queue refuses more attributes than the limit', async () => {
    const { queue } = await context.carrier().open();
    const attributes = Object.fromEntries(
      Array.from({ length: queue.limits.attributes + 1 }, (_, at) => [`a${at}`, 'v']),
    );
    expect(kinds(await queue.send([{ body: 'too many', attributes }]))).toEqual(['invalid']);
  });
}

/** Messages that cannot be received yet. */
export function delayContract(context: ContractContext): void {
  check(context, 'a delayed message arrives when its delay is over', async () => {
    const { settle, open } = context.carrier();
    const { queue } = await open();
    const [later, now] = await queue.send([{ body: 'later', delaySeconds: 1 }, { body: 'now' }]);
    const first = only(await receiveNow(queue));
    expect(first.id).toBe(idOf(now as never));
    const second = only(await settle(receiveNow(queue, { waitSeconds: 5 })));
    expect(second.id).toBe(idOf(later as never));
    expect(second.receivedAt - (second.sentAt ?? 0)).toBeGreaterThanOrEqual(1000);
  });
}
