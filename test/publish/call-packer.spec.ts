import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createEventCodec } from '../../lib/event/event-codec.js';
import { eventId } from '../../lib/event/event-id.js';
import { type PackOptions, resolvePublishOptions } from '../../lib/publish/publish-options.js';
import { Publisher } from '../../lib/publish/publisher.js';
import { messageBytes } from '../../lib/queue/wire-message.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';
import { seedRandom } from '../queue/harness.js';
import { Bench, codec, failure, textForBody } from './harness.js';

seedRandom();

function packing(pack: boolean | PackOptions = true, queue: ConstructorParameters<typeof Bench>[1] = {}): Bench {
  return new Bench({ pack }, queue);
}

/** Returns the texts of each body. */
function bodies(bench: Bench): unknown[][] {
  return bench.queue.messages().map(({ body }) => codec.decode(body).map(({ args }) => args.text));
}

describe('the call packer', () => {
  it('packs the calls of one turn into one shared body', async () => {
    const bench = packing();
    const sends = bench.countSends();
    for (const text of ['a', 'b', 'c']) bench.emit(text);
    await bench.clock.advance(0);
    expect([bodies(bench), sends]).toEqual([[['a', 'b', 'c']], [1]]);
    const [message] = bench.queue.messages();
    expect([...bench.ended.values()]).toEqual([{ id: message!.id }, { id: message!.id }, { id: message!.id }]);
    expect(bench.types).toEqual(['stored', 'stored', 'stored']);
  });

  it('gives a shared body one event id with the option eventIds', async () => {
    const bench = new Bench({ pack: true, eventIds: true });
    for (const text of ['a', 'b', 'c']) bench.emit(text);
    bench.emit('d', { attributes: { 'thrift-event-id': 'own' } });
    await bench.clock.advance(0);
    expect(bodies(bench)).toEqual([['a', 'b', 'c'], ['d']]);
    const ids = bench.queue.messages().map(({ attributes }) => attributes?.['thrift-event-id']);
    expect(ids).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), 'own']);
  });

  it('sends a call with its own event id in a separate body', async () => {
    const bench = new Bench({ pack: true, eventIds: true });
    const own = { attributes: { 'thrift-event-id': 'own', tenant: 'a' } };
    bench.emit('a', own);
    bench.emit('b', { attributes: { tenant: 'a' } });
    bench.emit('c', own);
    bench.emit('d', { attributes: { tenant: 'a' } });
    await bench.clock.advance(0);
    expect(bodies(bench)).toEqual([['a'], ['b', 'd'], ['c']]);
    const events = bench.queue.messages().map((message) => eventId(message, 0, 1));
    expect(events).toEqual(['own', expect.stringMatching(/^[0-9a-f-]{36}$/), 'own']);
  });

  it('sends a single call at once', async () => {
    const bench = packing();
    bench.emit('a');
    await bench.clock.advance(0);
    expect(bench.states).toEqual(['stored']);
  });

  it('fills a shared body up to maxBytes', async () => {
    const bench = packing({ maxBytes: 1000 });
    for (let i = 0; i < 200; i += 1) bench.emit(`text ${i}`);
    await bench.clock.advance(0);
    const sizes = bench.queue.messages().map((message) => messageBytes(message));
    const one = codec.encodeBody({ method: 'text', args: { text: 'text 0' } }, 'text').length;
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000);
    for (const size of sizes.slice(0, -1)) expect(size).toBeGreaterThan(1000 - one);
    expect(bodies(bench).flat()).toEqual(Array.from({ length: 200 }, (_, i) => `text ${i}`));
  });

  it('sends a call larger than maxBytes alone and refuses a call larger than the queue limit', async () => {
    const bench = packing({ maxBytes: 100 });
    bench.emit('a');
    bench.emit('x'.repeat(500));
    bench.emit(`${textForBody(1_048_576)}x`);
    bench.emit('b');
    await bench.clock.advance(0);
    expect(bench.states).toEqual(['stored', 'stored', 'too-large', 'stored']);
    expect(bodies(bench).map((texts) => texts.length)).toEqual([1, 1, 1]);
  });

  it('keeps a shared body within the queue limit whatever maxBytes says', async () => {
    const bench = packing({ maxBytes: 1_048_576 }, { limits: { messageBytes: 2048 } });
    for (let i = 0; i < 200; i += 1) bench.emit('x'.repeat(40), { attributes: { tenant: 'a' } });
    await bench.clock.advance(0);
    expect(new Set(bench.states)).toEqual(new Set(['stored']));
    expect(Math.max(...bench.queue.messages().map((message) => messageBytes(message)))).toBeLessThanOrEqual(2048);
  });

  it('shares a body only between calls with equal attributes, group and delay', async () => {
    const bench = packing();
    const kinds = [
      {},
      { attributes: { a: '1' } },
      { attributes: { a: '1', b: '2' } },
      { attributes: { b: '2', a: '1' } },
      { groupId: 'g' },
      { groupId: 'h' },
      { delaySeconds: 5 },
    ];
    for (const round of [1, 2]) kinds.forEach((options, i) => bench.emit(`${i}.${round}`, options));
    await bench.clock.advance(0);
    expect(bodies(bench)).toEqual([
      ['0.1', '0.2'],
      ['1.1', '1.2'],
      ['2.1', '3.1', '2.2', '3.2'],
      ['4.1', '4.2'],
      ['5.1', '5.2'],
      ['6.1', '6.2'],
    ]);
    expect(bench.queue.messages()[2]).toMatchObject({ attributes: { a: '1', b: '2' } });
  });

  it('refuses a call with invalid attributes and packs the other calls', async () => {
    const bench = packing();
    bench.emit('a', { attributes: { 'not a name': '1' } });
    bench.emit('b');
    await bench.clock.advance(0);
    expect([bench.states, bodies(bench)]).toEqual([['bad-attribute', 'stored'], [['b']]]);
  });

  it('adds no call to a body whose first attempt failed', async () => {
    const bench = new Bench({ pack: true, maxInFlight: 1, retryBaseMs: 1000 });
    bench.queue.fail('send', ({ number }) => (number === 1 ? failure('network') : undefined));
    bench.emit('a');
    await bench.clock.advance(0);
    bench.emit('b');
    await bench.clock.advance(5000);
    expect(bodies(bench).sort()).toEqual([['a'], ['b']]);
  });

  it('waits for more calls for the lingerMs of the option pack', async () => {
    const bench = packing({ lingerMs: 50 });
    bench.emit('a');
    await bench.clock.advance(49);
    bench.emit('b');
    expect(bench.states).toEqual(['pending', 'pending']);
    await bench.clock.advance(1);
    expect(bodies(bench)).toEqual([['a', 'b']]);
  });

  it('ends all calls of a shared body with the outcome of the body', async () => {
    const bench = packing();
    bench.queue.fail('send', () => [failure('invalid', 'Refused')]);
    for (const text of ['a', 'b']) bench.emit(text);
    await bench.clock.advance(0);
    expect([bench.states, bench.types]).toEqual([
      ['Refused', 'Refused'],
      ['emit-failed', 'emit-failed'],
    ]);
  });

  it('sends a pending shared body on close', async () => {
    const bench = packing({ lingerMs: 10_000 });
    bench.emit('a');
    const closing = bench.publisher.close();
    await bench.clock.advance(0);
    await closing;
    expect(bench.states).toEqual(['stored']);
  });

  it('sends the calls for a FIFO queue singly and without the lingerMs of the option pack', async () => {
    const bench = packing({ lingerMs: 10_000 }, { fifo: true, contentBasedDeduplication: true });
    for (const text of ['a', 'b']) bench.emit(text, { groupId: 'g' });
    await bench.clock.advance(0);
    expect(bench.states).toEqual(['stored', 'stored']);
    expect(bodies(bench)).toEqual([['a'], ['b']]);
  });

  it.each(['binary', 'compact', 'json'] as const)(
    'keeps every packed call and the order of the calls: %s',
    async (protocol) => {
      const { contract } = codec;
      const own = createEventCodec(contract.services, { protocol });
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { minLength: 1, maxLength: 60 }),
          async (texts) => {
            const clock = new VirtualClock(0);
            const queue = createMemoryQueue({ clock });
            const publisher = new Publisher({
              body: 'text',
              open: () => Promise.resolve(queue),
              codec: own,
              clock,
              report: () => undefined,
              options: resolvePublishOptions({ pack: { maxBytes: 512 } }),
            });
            const stored = Promise.all(texts.map((text) => publisher.publish({ method: 'text', args: { text } })));
            await clock.advance(0);
            await stored;
            const received = queue.messages().flatMap(({ body }) => own.decode(body).map(({ args }) => args.text));
            expect(received).toEqual(texts);
          },
        ),
        { numRuns: 50 },
      );
    },
  );
});
