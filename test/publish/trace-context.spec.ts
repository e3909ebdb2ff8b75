import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Bench } from './harness.js';

const API = Symbol.for('opentelemetry.js.api.1');
const spans = new AsyncLocalStorage<string>();

/** As the OpenTelemetry SDK registers itself, with the name of a span as the context. */
const openTelemetry = {
  context: { active: () => spans.getStore() },
  propagation: {
    inject(
      span: string | undefined,
      carrier: object,
      setter: { set(carrier: object, name: string, value: string): void },
    ) {
      if (span === undefined) return;
      setter.set(carrier, 'traceparent', span);
      setter.set(carrier, 'tracestate', `state-${span}`);
    },
    fields: () => ['traceparent', 'tracestate', 'baggage'],
  },
};

function register(api: unknown): void {
  Object.assign(globalThis, { [API]: api });
}

beforeEach(() => register(openTelemetry));
afterEach(() => register(undefined));

function traces(bench: Bench): (string | undefined)[] {
  return bench.queue.messages().map(({ attributes }) => attributes['traceparent']);
}

describe('the context of OpenTelemetry', () => {
  it('travels with each call of a turn', async () => {
    const bench = new Bench();
    for (const span of ['a', 'b', 'c']) spans.run(span, () => bench.emit(span));
    bench.emit('none');
    await bench.clock.advance(0);
    expect(traces(bench)).toEqual(['a', 'b', 'c', undefined]);
    expect(bench.queue.messages()[0]!.attributes).toEqual({ traceparent: 'a', tracestate: 'state-a' });
  });

  it('travels with a call that waits for its queue to open, for an outage and for a retry', async () => {
    const bench = new Bench({ retryBaseMs: 100 });
    bench.queue.fail('send', 3);
    for (const span of ['a', 'b']) spans.run(span, () => bench.emit(span));
    await bench.clock.advance(500);
    spans.run('c', () => bench.emit('c'));
    await bench.clock.advance(10_000);
    expect(traces(bench)).toEqual(['a', 'b', 'c']);
  });

  it('leaves a call alone that carries a context of its own', async () => {
    const bench = new Bench();
    spans.run('a', () => bench.emit('x', { attributes: { traceparent: 'own' } }));
    const call = { method: 'text', args: { text: 'x' } };
    spans.run('b', () => bench.watch(bench.publisher.publish(call, undefined, { traceparent: 'hook' })));
    await bench.clock.advance(0);
    expect(bench.queue.messages().map(({ attributes }) => attributes)).toEqual([
      { traceparent: 'own' },
      { traceparent: 'hook' },
    ]);
  });

  it('travels with a shared body whose calls have the same context', async () => {
    const bench = new Bench({ pack: true });
    spans.run('a', () => {
      bench.emit('1');
      bench.emit('2');
    });
    await bench.clock.advance(0);
    expect([traces(bench), bench.texts]).toEqual([['a'], ['1', '2']]);
  });

  it('is left out of a shared body whose calls have several contexts, and costs no further message', async () => {
    const bench = new Bench({ pack: true });
    for (const span of ['a', 'b']) spans.run(span, () => bench.emit(span));
    await bench.clock.advance(0);
    expect([traces(bench), bench.texts]).toEqual([[undefined], ['a', 'b']]);
  });

  it.each<[string, unknown]>([
    ['no parts', {}],
    ['no propagation', { context: openTelemetry.context }],
    [
      'a propagation that throws',
      {
        ...openTelemetry,
        propagation: {
          inject() {
            throw new Error('by script');
          },
        },
      },
    ],
  ])('does not fail a call when the registered API has %s', async (_, api) => {
    register(api);
    const bench = new Bench();
    spans.run('a', () => bench.emit('x'));
    await bench.clock.advance(0);
    expect([bench.states, traces(bench)]).toEqual([['stored'], [undefined]]);
  });
});
