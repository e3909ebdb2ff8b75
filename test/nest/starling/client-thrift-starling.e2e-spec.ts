import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PublishError, ThriftRecordBuilder } from 'nestjs-sqs-thrift';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { ClientThriftStarling } from 'nestjs-sqs-thrift/starling';
import { lastValueFrom } from 'rxjs';
import { closeAll, closeLater } from '../harness.js';
import { Orders } from '../../testing/orders.js';
import { order, startStarling } from './harness.js';

Logger.overrideLogger(false);
afterEach(closeAll);

const Queued = findService(
  loadSchemaFromText(`
    struct Job { 1: required i32 id }
    service Queued {
      oneway void first(1: Job job) (sqs.queue = "first.fifo", sqs.group = "job.id", sqs.dedup = "job.id"),
      oneway void second(1: Job job) (sqs.queue = "second"),
    }`),
  'Queued',
);

async function openClient(options: Partial<ConstructorParameters<typeof ClientThriftStarling>[0]> = {}) {
  const starling = await startStarling();
  const client = new ClientThriftStarling({ queue: 'orders', service: Orders, port: starling.port, ...options });
  closeLater(client);
  return { starling, client };
}

describe('ClientThriftStarling', () => {
  it.each([
    ['attributes', new ThriftRecordBuilder(order('o1')).setAttributes({ tenant: 'acme' }), 'attributes-refused'],
    ['a group id', new ThriftRecordBuilder(order('o1')).setGroupId('alice'), 'id-refused'],
    ['a delay', new ThriftRecordBuilder(order('o1')).setDelay(1), 'delay-refused'],
  ])('refuses a call with %s before any command', async (_, record, code) => {
    const { starling, client } = await openClient();
    const error = await lastValueFrom(client.emit('place', record)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PublishError);
    expect(error).toMatchObject({ code, message: expect.stringContaining('orders') });
    expect(starling.commands.filter((line) => line.startsWith('set'))).toEqual([]);
  });

  it.each(['binary', 'compact', 'json'] as const)(
    'writes the bytes of a Thrift client, one call in an item: %s',
    async (protocol) => {
      const { starling, client } = await openClient({ protocol });
      await Promise.all(['a', 'b'].map((id) => lastValueFrom(client.emit('place', order(id)))));
      const codec = createEventCodec([Orders], { protocol });
      const bodyOf = (id: string): Buffer =>
        Buffer.from(codec.method('place').encode(order(id) as Record<string, unknown>));
      expect(starling.items('orders')).toEqual([bodyOf('a'), bodyOf('b')]);
      // One write and one connection for all calls of a turn.
      expect(starling.connections).toBe(1);
    },
  );

  it('sends each method to its queue, by the names of this deployment', async () => {
    const { starling, client } = await openClient({
      service: Queued,
      queue: undefined,
      queueNames: { 'first.fifo': 'first' },
    });
    await Promise.all(['first', 'second'].map((method) => lastValueFrom(client.emit(method, { job: { id: 1 } }))));
    expect([starling.items('first').length, starling.items('second').length]).toEqual([1, 1]);
  });

  it('keeps calls through an outage, and rejects them when it lasts', async () => {
    const { starling, client } = await openClient({ deliveryTimeoutMs: 300 });
    await client.connect();
    await starling.crash();
    await expect(lastValueFrom(client.emit('place', order('lost')))).rejects.toMatchObject({ kind: 'network' });
    await starling.restart();
    await lastValueFrom(client.emit('place', order('stored')));
    expect(starling.items('orders')).toHaveLength(1);
  });

  it('stores a call again whose answer is lost, since nobody knows if it was stored', async () => {
    const { starling, client } = await openClient();
    let sets = 0;
    starling.fail((line) => (line.startsWith('set') && (sets += 1) === 1 ? 'lose-answer' : undefined));
    await lastValueFrom(client.emit('place', order('o1')));
    expect(starling.items('orders')).toHaveLength(2);
  });

  it('waits for room while the queue is full', async () => {
    const { starling, client } = await openClient({ retryBaseMs: 1 });
    let sets = 0;
    starling.setFull(true);
    starling.fail((line) => {
      if (line.startsWith('set') && (sets += 1) === 3) starling.setFull(false);
      return undefined;
    });
    await lastValueFrom(client.emit('place', order('o1')));
    expect(sets).toBe(3);
  });

  it('is down while its server does not answer', async () => {
    const { starling, client } = await openClient({ timeoutMs: 150 });
    await client.connect();
    starling.fail(() => 'silence');
    await expect(client.check()).rejects.toMatchObject({ code: 'NoAnswer' });
    starling.fail(() => undefined);
    await client.check();
  });
});
