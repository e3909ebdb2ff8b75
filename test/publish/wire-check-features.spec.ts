import { describe, expect, it } from '@jest/globals';
import { createEventCodec } from '#lib/event/event-codec.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import { Bench } from './harness.js';

describe('a queue without attributes', () => {
  const bare = { attributes: false };

  it.each([
    ['an attribute', { attributes: { tenant: 'a' } }],
    ['an event id', { attributes: { 'thrift-event-id': 'own' } }],
  ])('refuses a call with %s before any request and sends the other calls', async (_, options) => {
    for (const pack of [false, true]) {
      const bench = new Bench({ pack }, {}, bare);
      const sends = bench.countSends();
      bench.emit('a', options);
      bench.emit('b');
      bench.emit('c', { attributes: {} });
      await bench.clock.advance(0);
      expect(bench.states).toEqual(['attributes-refused', 'stored', 'stored']);
      expect(bench.texts).toEqual(['b', 'c']);
      expect(sends).toEqual([2]);
      expect(bench.ended.get(0)).toMatchObject({
        error: {
          message:
            'text has attributes, and memory carries no attributes. Leave out the attributes and the event id, or make them arguments of the method.',
        },
      });
    }
  });

  it.each([
    ['groupId', 'message group id'],
    ['deduplicationId', 'deduplication id'],
  ])('refuses a call with a %s of its own before any request', async (id, name) => {
    for (const pack of [false, true]) {
      const bench = new Bench({ pack }, {}, bare);
      const sends = bench.countSends();
      bench.emit('a', { [id]: 'one' });
      await bench.clock.advance(0);
      expect([bench.states, sends]).toEqual([['id-refused'], []]);
      const { error } = bench.ended.get(0) as { error: Error };
      expect(error.message).toBe(
        `text has a ${name}, and memory carries no ids beside a call. Leave out the ${name}, or make it an argument of the method.`,
      );
    }
  });

  it('takes the group of a call if it has an order', async () => {
    const bench = new Bench({}, {}, { ...bare, ordered: true });
    bench.emit('a', { groupId: 'one' });
    bench.emit('b', { groupId: 'one', deduplicationId: 'two' });
    await bench.clock.advance(0);
    expect(bench.states).toEqual(['stored', 'id-refused']);
  });

  it('leaves out the ids of the contract if the publisher knows of them, and still refuses the delay of the contract', async () => {
    const idl = `service Texts {
      oneway void text(1: string text) (sqs.group = "text", sqs.dedup = "text")
      oneway void later(1: string text) (sqs.group = "text", sqs.delay = "5")
    }`;
    const routed = createEventCodec([findService(loadSchemaFromText(idl), 'Texts')]);
    const bench = new Bench({}, {}, { ...bare, delay: false }, routed, false);
    bench.emit('a');
    bench.watch(bench.publisher.publish({ method: 'later', args: { text: 'b' } }));
    await bench.clock.advance(0);
    expect(bench.states).toEqual(['stored', 'delay-refused']);
    expect(bench.queue.messages()).toMatchObject([{ attributes: {} }]);
    expect(bench.queue.messages()[0]).not.toHaveProperty('groupId');
  });

  it('adds no event id to a call or to a shared body with the option eventIds', async () => {
    for (const pack of [false, true]) {
      const bench = new Bench({ pack, eventIds: true }, {}, bare);
      bench.emit('a');
      bench.emit('b');
      await bench.clock.advance(0);
      expect(bench.states).toEqual(['stored', 'stored']);
      expect(bench.queue.messages().map(({ attributes }) => ({ ...attributes }))).toEqual(pack ? [{}] : [{}, {}]);
    }
  });
});

describe('a queue without delays', () => {
  it.each([0, 5])('refuses a call with a delay of %i s before any request', async (delaySeconds) => {
    for (const pack of [false, true]) {
      const bench = new Bench({ pack }, {}, { delay: false });
      const sends = bench.countSends();
      bench.emit('a', { delaySeconds });
      await bench.clock.advance(0);
      expect([bench.states, sends]).toEqual([['delay-refused'], []]);
    }
  });

  it('refuses a call whose delay comes from the contract', async () => {
    const idl = 'service Texts { oneway void text(1: string text) (sqs.delay = "5") }';
    const later = createEventCodec([findService(loadSchemaFromText(idl), 'Texts')]);
    const bench = new Bench({}, {}, { delay: false }, later);
    const sends = bench.countSends();
    bench.emit('a');
    await bench.clock.advance(0);
    expect([bench.states, sends]).toEqual([['delay-refused'], []]);
    expect(bench.ended.get(0)).toMatchObject({
      error: {
        message: expect.stringMatching(
          /^text: memory takes no delay for a call\. Leave out the delay, and sqs\.delay in the IDL\./,
        ),
      },
    });
  });
});
