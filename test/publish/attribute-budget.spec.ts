import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EVENT_ID_ATTRIBUTE } from '#lib/event/event-id.js';
import { withinBudget } from '#lib/publish/attribute-budget.js';
import type { TraceAttributes } from '#lib/publish/trace-context.js';
import type { MessageSender } from '#lib/queue/queue.js';
import { messageBytes } from '#lib/queue/wire-message.js';
import { createMemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import { Bench } from './harness.js';

function sender(limits: { attributes?: number; messageBytes?: number } = {}, attributes = true): MessageSender {
  const queue = createMemoryQueue({ limits });
  return Object.assign(queue, { features: { ...queue.features, attributes } });
}

/** As many attributes as told: `own0`, `own1`, … */
function some(count: number, name: string): TraceAttributes {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name}${i}`, 'x']));
}

describe('the budget of attributes', () => {
  it('keeps own attributes, then the event id, and leaves out tracing beyond the limit, in order', () => {
    const count = fc.integer({ min: 0, max: 10 });
    fc.assert(
      fc.property(count, count, fc.boolean(), fc.constantFrom(9, 10), (own, traces, eventIds, most) => {
        fc.pre(own <= most);
        const request = {
          beside: { attributes: some(own, 'own') },
          eventIds,
          tracing: some(traces, 'trace'),
          bodyBytes: () => 1,
        };
        const { beside, leftOut } = withinBudget(request, sender({ attributes: most }));
        const wanted = [
          ...Object.keys(some(own, 'own')),
          ...(eventIds ? [EVENT_ID_ATTRIBUTE] : []),
          ...Object.keys(some(traces, 'trace')),
        ];
        expect(Object.keys(beside.attributes ?? {})).toEqual(wanted.slice(0, most));
        expect(leftOut).toEqual(wanted.slice(most));
      }),
    );
  });

  it('keeps an own attribute that tracing also has, and an own event id', () => {
    const own = { traceparent: 'own', [EVENT_ID_ATTRIBUTE]: 'mine' };
    const tracing = { traceparent: 'hook', tracestate: 's' };
    const { beside } = withinBudget(
      { beside: { attributes: own }, eventIds: true, tracing, bodyBytes: () => 1 },
      sender(),
    );
    expect(beside.attributes).toEqual({ ...own, tracestate: 's' });
  });

  it.each([
    ['an empty value', { state: '' }],
    ['a reserved name', { 'aws.trace': 'x' }],
    ['a name with two dots', { 'a..b': 'x' }],
    ['a name of other characters', { 'trace id': 'x' }],
    ['a control character', { state: 'a\u0001b' }],
    ['a value that is no text', { state: 7 as unknown as string }],
    ['a name that objects have', { ['__proto__']: 'x' }],
  ])('leaves out and reports tracing that a queue would refuse: %s', (_name, refused) => {
    const tracing = { ...refused, trace: 'abc' };
    const result = withinBudget({ beside: {}, eventIds: false, tracing, bodyBytes: () => 1 }, sender());
    expect(result).toEqual({ beside: { attributes: { trace: 'abc' } }, leftOut: Object.keys(refused) });
  });

  it('leaves out tracing that would make a message too large, and nothing else', () => {
    const beside = { attributes: { tenant: 'a' } };
    const own = messageBytes({ body: '', ...beside });
    const request = { beside, eventIds: false, tracing: { a: 'x'.repeat(50), b: 'y' }, bodyBytes: () => 1_000 };
    const result = withinBudget(request, sender({ messageBytes: 1_000 + own + 20 }));
    expect(result).toEqual({ beside: { attributes: { tenant: 'a', b: 'y' } }, leftOut: ['a'] });
  });

  it('adds and reports nothing on a carrier without attributes', () => {
    const request = { beside: { groupId: 'g' }, eventIds: true, tracing: { trace: 'abc' }, bodyBytes: () => 1 };
    expect(withinBudget(request, sender({}, false))).toEqual({ beside: { groupId: 'g' }, leftOut: [] });
  });
});

describe('a publisher within the budget', () => {
  it.each([
    ['alone', {}],
    ['in a shared body', { pack: true }],
  ])('stores a call with its event id and reports the tracing that was left out: %s', async (_, options) => {
    const bench = new Bench({ eventIds: true, ...options });
    const call = { method: 'text', args: { text: 'x' } };
    const tracing = { traceparent: 't', tracestate: 's', baggage: 'b' };
    bench.watch(bench.publisher.publish(call, { attributes: some(7, 'own') }, tracing));
    await bench.clock.advance(0);
    const [message] = bench.queue.messages();
    expect(Object.keys(message!.attributes)).toEqual([
      ...Object.keys(some(7, 'own')),
      EVENT_ID_ATTRIBUTE,
      'traceparent',
      'tracestate',
    ]);
    expect(bench.events).toMatchObject([
      { type: 'attributes-left-out', queue: 'memory', method: 'text', names: ['baggage'] },
      { type: 'stored' },
    ]);
  });

  it('reports an event id that has no room beside ten own attributes', async () => {
    const bench = new Bench({ eventIds: true });
    bench.emit('x', { attributes: some(10, 'own') });
    await bench.clock.advance(0);
    expect(bench.events).toMatchObject([
      { type: 'attributes-left-out', names: [EVENT_ID_ATTRIBUTE] },
      { type: 'stored' },
    ]);
  });

  it('refuses a call with more own attributes than the queue takes', async () => {
    const bench = new Bench({ eventIds: true });
    bench.emit('x', { attributes: some(11, 'own') });
    await bench.clock.advance(0);
    expect(bench.states).toEqual(['too-many-attributes']);
    expect(bench.types).toEqual(['emit-failed']);
  });
});
