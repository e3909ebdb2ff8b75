import { afterEach, describe, expect, it } from '@jest/globals';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { ServerThriftStarling, THRIFT_STARLING } from 'nestjs-sqs-thrift/starling';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { Orders } from '../../testing/orders.js';
import { until } from '../../carriers/starling/harness.js';
import { closeAll } from '../harness.js';
import { order, runOrders, startStarling } from './harness.js';

afterEach(closeAll);

const codec = createEventCodec([Orders]);

/** Writes a body as another client would. */
function body(method: string, id: string, userId = 'alice'): Buffer {
  return Buffer.from(codec.method(method).encode(order(id, userId) as Record<string, unknown>));
}

describe.each(['starling', 'siberite', 'kestrel'] as const)('an application over a queue of a %s', (kind) => {
  it('handles an event that it emits', async () => {
    const starling = await startStarling(kind);
    const { client, journal, settled } = await runOrders(starling);
    await lastValueFrom(client.emit('place', order('o1')));
    expect(await settled(1)).toMatchObject([{ outcome: 'ack', receiveCount: 1 }]);
    expect(journal.lines).toEqual(['placed o1 of alice, delivery 1']);
    expect([starling.items('orders'), starling.openItems('orders')]).toEqual([[], 0]);
  });

  it('retries an event whose handler failed', async () => {
    const { client, journal, settled } = await runOrders(await startStarling(kind));
    await lastValueFrom(client.emit('fail', order('o1')));
    expect((await settled(2)).map(({ outcome }) => outcome)).toEqual(['retry', 'ack']);
    expect(journal.lines).toEqual(['delivery 1 of o1', 'delivery 2 of o1']);
  });

  it('retries an event after its delay', async () => {
    const { client, journal, settled } = await runOrders(await startStarling(kind), {
      retry: { baseSeconds: 1, jitter: 0 },
    });
    await lastValueFrom(client.emit('fail', order('o1')));
    const [first] = await settled(1);
    expect(first).toMatchObject({ outcome: 'retry', delaySeconds: 1 });
    expect((await settled(2))[1]).toMatchObject({ outcome: 'ack', receiveCount: 2 });
    expect(journal.lines).toEqual(['delivery 1 of o1', 'delivery 2 of o1']);
  });

  it('copies a rejected event to the error queue, byte by byte, and logs the reason', async () => {
    const starling = await startStarling(kind);
    const { client, log, settled } = await runOrders(starling);
    await lastValueFrom(client.emit('refuse', order('o1', 'nobody')));
    expect(await settled(1)).toMatchObject([{ outcome: 'reject', fate: 'dead-lettered', reason: 'handler-rejected' }]);
    expect(starling.items('orders_errors')).toEqual([body('refuse', 'o1', 'nobody')]);
    expect(starling.items('orders')).toEqual([]);
    expect(
      log.lines.filter((line) => line.startsWith('error') && line.includes('there is no user nobody')),
    ).toHaveLength(1);
  });

  it('copies bytes that are no call to the error queue', async () => {
    const starling = await startStarling(kind);
    const { settled } = await runOrders(starling);
    const garbage = Buffer.from([0xff, 0x0d, 0x0a, 0x45, 0x4e, 0x44]);
    starling.put('orders', garbage);
    expect(await settled(1)).toMatchObject([{ outcome: 'reject', reason: 'unknown-protocol' }]);
    expect(starling.items('orders_errors')).toEqual([garbage]);
  });

  it('copies an event to the error queue that failed as often as maxReceives says', async () => {
    const starling = await startStarling(kind);
    const { client, journal, settled } = await runOrders(starling, { retry: { baseSeconds: 0, maxReceives: 3 } });
    journal.note = () => {
      throw new Error('the disk is full');
    };
    await lastValueFrom(client.emit('place', order('o1')));
    const events = await settled(3);
    expect(events.map(({ outcome, receiveCount }) => [outcome, receiveCount])).toEqual([
      ['retry', 1],
      ['retry', 2],
      ['reject', 3],
    ]);
    expect(events[2]).toMatchObject({ reason: 'too-many-receives', fate: 'dead-lettered' });
    expect(starling.items('orders_errors')).toEqual([body('place', 'o1')]);
    journal.note = () => undefined;
  });

  it('handles the calls of one body and stores a failed call again by itself', async () => {
    const starling = await startStarling(kind);
    const { journal, settled } = await runOrders(starling);
    starling.put('orders', Buffer.concat([body('place', 'a'), body('fail', 'b'), body('place', 'c')]));
    expect((await settled(3)).map(({ outcome }) => outcome)).toEqual(['split', 'retry', 'ack']);
    expect(journal.lines.filter((line) => line.startsWith('placed'))).toHaveLength(2);
    expect(journal.lines.filter((line) => line === 'delivery 2 of b')).toHaveLength(1);
  });

  it('applies guards, pipes, interceptors and filters', async () => {
    const { client, journal, settled } = await runOrders(await startStarling(kind));
    await lastValueFrom(client.emit('guarded', order('o1')));
    expect((await settled(2)).map(({ outcome }) => outcome)).toEqual(['retry', 'ack']);
    expect(journal.lines).toEqual(['before guarded', 'guarded ALICE', 'after']);
  });

  it('lets a handler end on close, and puts what waits for a retry back into the queue', async () => {
    const starling = await startStarling(kind);
    const { app, client, journal, settled } = await runOrders(starling, { retry: { baseSeconds: 600, jitter: 0 } });
    let release = (): void => undefined;
    journal.hold = new Promise((resolve) => (release = resolve));
    const begun = new Promise<void>((resolve) => {
      journal.note = (line) => {
        journal.lines.push(line);
        if (line === 'begins') resolve();
      };
    });
    await lastValueFrom(client.emit('fail', order('waits')));
    await settled(1);
    await lastValueFrom(client.emit('slow', order('o1')));
    await begun;
    const closed = app.close();
    release();
    await closed;
    expect((await settled(2)).map(({ outcome }) => outcome)).toEqual(['retry', 'ack']);
    expect(journal.lines).toEqual(['delivery 1 of waits', 'begins', 'ends', 'destroyed']);
    expect(starling.items('orders')).toEqual([body('fail', 'waits')]);
    await until(() => starling.connections === 0);
  });

  it('goes on after a restart of the server', async () => {
    const starling = await startStarling(kind);
    const { client, journal, settled } = await runOrders(starling, { timeoutMs: 500 });
    await lastValueFrom(client.emit('place', order('o1')));
    await settled(1);
    await starling.crash();
    // Waits in the buffer of the client.
    const emitted = lastValueFrom(client.emit('place', order('o2')));
    await starling.restart();
    await emitted;
    await settled(2);
    expect(journal.lines).toEqual(['placed o1 of alice, delivery 1', 'placed o2 of alice, delivery 1']);
  });
});

describe('ServerThriftStarling', () => {
  it('warns once, loudly, that a Starling delivers at most once', async () => {
    const { log } = await runOrders(await startStarling('starling'));
    const warnings = log.lines.filter((line) => line.includes('AT MOST ONCE'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^warn: orders speaks the dialect of Starling/);
  });

  it('does not warn over a Siberite', async () => {
    const { log } = await runOrders(await startStarling('siberite'));
    expect(log.text()).not.toContain('AT MOST ONCE');
  });

  it('drops a rejected event with an error in the log', async () => {
    const starling = await startStarling();
    const { client, log, settled } = await runOrders(starling, { poisonPolicy: 'drop' });
    await lastValueFrom(client.emit('refuse', order('o1', 'nobody')));
    expect(await settled(1)).toMatchObject([{ outcome: 'reject', fate: 'removed' }]);
    expect(starling.items('orders_errors')).toEqual([]);
    expect(
      log.lines.filter((line) => line.startsWith('error') && line.includes('there is no user nobody')),
    ).toHaveLength(1);
  });

  it('uses another error queue', async () => {
    const starling = await startStarling();
    const { client, settled } = await runOrders(starling, { errorQueue: 'broken' });
    await lastValueFrom(client.emit('refuse', order('o1')));
    await settled(1);
    expect([starling.items('broken').length, starling.items('orders_errors').length]).toEqual([1, 0]);
  });

  // The second is the name of the queue itself.
  it.each(['dead', 'orders'])(
    'copies a rejected event to %s of another carrier, as base64 and with the reason',
    async (name) => {
      const deadLetters = createMemoryQueue({ name });
      const { client, settled } = await runOrders(await startStarling(), { deadLetterQueue: deadLetters });
      await lastValueFrom(client.emit('refuse', order('o1', 'nobody')));
      await settled(1);
      const [copy] = deadLetters.messages();
      expect(copy!.body).toBe(body('refuse', 'o1', 'nobody').toString('base64'));
      expect(JSON.parse(copy!.attributes['thrift-dead-letter']!)).toMatchObject({
        reason: 'handler-rejected',
        queue: 'orders',
      });
    },
  );

  it('keeps a rejected event while its error queue does not take it', async () => {
    const starling = await startStarling();
    const { client, settled } = await runOrders(starling, { retry: { baseSeconds: 0 } });
    let refusals = 0;
    starling.fail((line) => {
      const refuses = line.startsWith('set orders_errors') && (refusals += 1) <= 2;
      return refuses ? { answer: 'NOT_STORED\r\n' } : undefined;
    });
    await lastValueFrom(client.emit('refuse', order('o1')));
    const fates = (await settled(2)).map((event) => ('fate' in event ? event.fate : undefined));
    expect(fates).toEqual(['kept', 'kept']);
    await settled(3);
    expect([starling.items('orders_errors').length, starling.openItems('orders')]).toEqual([1, 0]);
  });

  it('fails to start without a server, and says what to check', async () => {
    const starling = await startStarling();
    await starling.stop();
    await expect(runOrders(starling)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      message: expect.stringContaining('Check host and port, and that the server runs.'),
    });
  });

  it('waits for its server with onQueueMissing', async () => {
    const starling = await startStarling();
    await starling.stop();
    const { server, client, settled } = await runOrders(starling, { onQueueMissing: 'wait' });
    const states: string[] = [];
    server.status.subscribe((state) => states.push(state as string));
    await starling.restart();
    await lastValueFrom(client.emit('place', order('o1')));
    await settled(1);
    expect(states).toEqual(['down', 'up']);
  });

  it('has a transport id of its own', () => {
    const options = { queue: 'orders', service: Orders };
    expect(new ServerThriftStarling(options).transportId).toBe(THRIFT_STARLING);
    const own = Symbol('own');
    expect(new ServerThriftStarling({ ...options, transportId: own }).transportId).toBe(own);
  });
});
