import { describe, expect, it } from '@jest/globals';
import { Bench, failure } from './harness.js';

describe('event ids', () => {
  const ids = (bench: Bench): unknown[] =>
    bench.queue.messages().map(({ attributes }) => attributes?.['thrift-event-id']);

  it('adds a missing event id to each message and keeps the id when the message is resent', async () => {
    const bench = new Bench({ eventIds: true });
    const send = bench.queue.send.bind(bench.queue);
    let answered = false;
    bench.queue.send = async (messages) => {
      const outcomes = await send(messages);
      if (answered) return outcomes;
      answered = true;
      throw failure('network');
    };
    bench.emit('a');
    bench.emit('b', { attributes: { 'thrift-event-id': 'own', tenant: 't' } });
    await bench.clock.advance(1_000);
    expect(bench.states).toEqual(['stored', 'stored']);
    const [a, b, ...again] = ids(bench);
    expect(a).toMatch(/^[0-9a-f-]{36}$/);
    expect(b).toBe('own');
    expect(again.sort()).toEqual([a, b].sort());
  });

  it('adds no event id to a message with ten application attributes', async () => {
    const bench = new Bench({ eventIds: true });
    const attributes = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`a${at}`, 'x']));
    bench.emit('a', { attributes });
    await bench.clock.advance(0);
    expect(bench.queue.messages()[0]!.attributes).toEqual(attributes);
  });

  it('adds no event id without the option eventIds', async () => {
    const bench = new Bench();
    bench.emit('a');
    await bench.clock.advance(0);
    expect(ids(bench)).toEqual([undefined]);
  });
});
