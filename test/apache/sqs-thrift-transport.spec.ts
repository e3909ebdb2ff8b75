import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from '@jest/globals';
import { CHANNELS } from '../../lib/diagnostics/event-sink.js';
import { Bench, failure, outcome } from './harness.js';

describe('sending through a transport', () => {
  it('sends 1000 calls in 100 requests', async () => {
    const bench = await Bench.open();
    const requests: number[] = [];
    bench.queue.fail('send', ({ entries }) => void requests.push(entries));
    const client = bench.client();
    for (let i = 0; i < 1000; i += 1) void client.tell(`${i}`);
    await bench.transport.flushed();
    expect(requests).toEqual(Array<number>(100).fill(10));
    expect(new Set(bench.texts).size).toBe(1000);
  });

  it('puts 20 calls into one shared body when shared bodies are enabled', async () => {
    const bench = await Bench.open({ pack: true });
    const client = bench.client();
    for (let i = 0; i < 20; i += 1) void client.tell(`${i}`);
    await bench.transport.flushed();
    expect(bench.queue.messages()).toHaveLength(1);
    expect(bench.texts).toEqual(Array.from({ length: 20 }, (_, i) => `${i}`));
  });

  it('resolves sent with the message id of the last call', async () => {
    const bench = await Bench.open();
    const client = bench.client();
    expect(bench.transport.sent).toBeUndefined();
    void client.tell('first');
    void client.tell('second');
    void bench.client({ groupId: 'g' }).tell('through a transport of its own');
    const id = await bench.transport.sent;
    expect(bench.texts).toEqual(['first', 'second', 'through a transport of its own']);
    expect(bench.queue.messages()[1]).toMatchObject({ id });
  });

  it('sends the attributes, delay and message group given to with()', async () => {
    const bench = await Bench.open();
    const attributes = { tenant: 'a' };
    const late = bench.transport.with({ attributes, delaySeconds: 5 });
    attributes.tenant = 'changed later';
    bench.tell(late, 'delayed');
    bench.tell(late.with({ groupId: 'g', delaySeconds: 6, attributes: undefined }), 'of a group');
    bench.tell(bench.transport, 'bare');
    await bench.transport.flushed();
    expect(bench.queue.messages()).toMatchObject([
      { attributes: { tenant: 'a' }, visibleAt: 5000 },
      { attributes: { tenant: 'a' }, visibleAt: 6000, groupId: 'g' },
      { attributes: {}, visibleAt: 0 },
    ]);
  });

  it('keeps the order of a message group on a FIFO queue', async () => {
    const bench = await Bench.open({}, { fifo: true, contentBasedDeduplication: true });
    const group = bench.transport.with({ groupId: 'g' });
    for (let i = 0; i < 25; i += 1) bench.tell(group, `${i}`);
    await bench.transport.flushed();
    expect(bench.texts).toEqual(Array.from({ length: 25 }, (_, i) => `${i}`));
  });

  it('writes equal calls as equal bytes, so that content-based deduplication works', async () => {
    const bench = await Bench.open({}, { fifo: true, contentBasedDeduplication: true });
    const client = bench.client({ groupId: 'g' });
    void client.tell('twice');
    void client.tell('twice');
    await bench.transport.flushed();
    expect(bench.texts).toEqual(['twice']);
  });

  it('publishes stored and failed calls to the diagnostics channels', async () => {
    const events: unknown[] = [];
    const listen = (event: unknown): void => void events.push(event);
    subscribe(CHANNELS.stored, listen);
    subscribe(CHANNELS['emit-failed'], listen);
    const bench = await Bench.open({}, { name: 'q' });
    bench.tell(bench.transport, 'x');
    const messageId = await bench.transport.sent;
    bench.queue.fail('send', () => failure('invalid'));
    bench.tell(bench.transport, 'x');
    expect(await outcome(bench.transport.sent)).toBe('QueueError: Scripted: by script');
    unsubscribe(CHANNELS.stored, listen);
    unsubscribe(CHANNELS['emit-failed'], listen);
    expect(events).toMatchObject([
      { type: 'stored', queue: 'q', method: 'tell', messageId, buffered: 0 },
      { type: 'emit-failed', queue: 'q', method: 'tell', error: { message: 'Scripted: by script' } },
    ]);
  });
});

describe('closing a transport', () => {
  it('sends pending calls at once on close', async () => {
    const bench = await Bench.open({ lingerMs: 60_000 });
    bench.tell(bench.transport, 'waits');
    await bench.clock.advance(1);
    expect(bench.texts).toEqual([]);
    await bench.transport.close();
    expect([bench.texts, bench.errors, bench.clock.pending]).toEqual([['waits'], [], 0]);
  });

  it('closes the queue only once', async () => {
    const bench = await Bench.open();
    let closed = 0;
    bench.queue.close = () => Promise.resolve(void (closed += 1));
    await Promise.all([bench.transport.close(), bench.transport.with({}).close()]);
    expect(closed).toBe(1);
  });

  it('rejects a call after close', async () => {
    const bench = await Bench.open();
    const client = bench.client();
    await bench.transport.close();
    await client.tell('late');
    const message = 'the client of memory is closed. Emit before close().';
    expect(bench.errors).toEqual([`tell: ${message}`]);
    expect(await outcome(bench.transport.flushed())).toBe(`PublishError: ${message}`);
  });
});
