import { describe, expect, it } from '@jest/globals';
import { createEventCodec } from '../../lib/event/event-codec.js';
import { Asks, Bench, body, codec, failure, type BenchOptions, type Handler } from './harness.js';

/** Calls of these numbers fail, as often as told. */
function failing(times: Record<number, number>, error: () => unknown = () => new Error('no')): Handler {
  const left = new Map(Object.entries(times).map(([n, count]) => [Number(n), count]));
  return (n) => {
    const more = left.get(n) ?? 0;
    left.set(n, more - 1);
    if (more > 0) throw error();
  };
}

async function handle(handler: Handler, numbers: readonly number[], options: BenchOptions = {}): Promise<Bench> {
  const bench = new Bench(handler, options);
  await bench.queue.send([{ body: body(...numbers), attributes: { tenant: 'a' }, groupId: 'g' }]);
  await bench.start(60_000);
  return bench;
}

const settled = (bench: Bench): unknown[] =>
  bench.events.flatMap((event) =>
    event.type === 'settled' ? [[event.outcome, event.methods.length, event.resent]] : [],
  );

describe('a body of which some calls fail', () => {
  it('resends each failed call as its own message and deletes the body', async () => {
    const bench = await handle(failing({ 2: 1, 4: 1 }), [1, 2, 3, 4, 5]);
    expect(bench.handled.slice(0, 5).sort()).toEqual([1, 2, 3, 4, 5]);
    expect(bench.handled.slice(5).sort()).toEqual([2, 4]);
    // Told when the body is gone, before which its calls may have come back already.
    expect(settled(bench).sort()).toEqual([
      ['ack', 1, undefined],
      ['ack', 1, undefined],
      ['split', 5, 2],
    ]);
    expect(bench.queue.messages()).toEqual([]);
  });

  it('copies the attributes and the group of a body to a resent call', async () => {
    const bench = await handle(failing({ 2: 1 }), [1, 2]);
    const { message } = bench.runs.at(-1)!.delivery;
    expect(message).toMatchObject({ body: body(2), groupId: 'g', receiveCount: 1 });
    expect({ ...message.attributes }).toEqual({
      tenant: 'a',
      'thrift-event-id': `${bench.runs[0]!.delivery.message.id}#1`,
    });
  });

  it('adds no event id to a resent call where the carrier takes no attributes', async () => {
    const bench = new Bench(failing({ 2: 1 }), { features: { attributes: false } });
    const sent: unknown[] = [];
    await bench.queue.send([{ body: body(1, 2) }]);
    const send = bench.queue.send.bind(bench.queue);
    bench.queue.send = (messages) => {
      sent.push(...messages.map(({ attributes }) => ({ ...attributes })));
      return send(messages);
    };
    await bench.start(60_000);
    expect([sent, bench.handled]).toEqual([[{}], [1, 2, 2]]);
  });

  it('delays each resent call by the time its failure asks for, at most 900 s', async () => {
    const delays: Record<number, unknown> = {
      1: new Asks({ type: 'retry', delaySeconds: 30 }),
      2: new Asks({ type: 'retry', delaySeconds: 5_000 }),
      3: new Asks({ type: 'reject', detail: 'never' }),
      4: new Error('no'),
    };
    const bench = new Bench(
      (n) => {
        if (n in delays) throw delays[n];
      },
      { retry: { baseSeconds: 0 } },
    );
    await bench.queue.send([{ body: body(1, 2, 3, 4, 5) }]);
    bench.consumer.start();
    await bench.clock.advance(0);
    await bench.consumer.stop();
    const waits = bench.queue
      .messages()
      .map((message) => [codec.decode(message.body)[0]!.args.n, Math.max(0, message.visibleAt) / 1000]);
    expect(Object.fromEntries(waits)).toMatchObject({ 1: 30, 2: 900 });
    expect(waits).toHaveLength(4);
  });

  it('retries the whole body when its failed calls cannot be resent', async () => {
    const bench = new Bench(failing({ 2: 1 }), { retry: { baseSeconds: 0 } });
    await bench.queue.send([{ body: body(1, 2, 3) }]);
    bench.queue.fail('send', () => [failure('denied')]);
    await bench.start(60_000);
    expect(bench.handled.sort()).toEqual([1, 1, 2, 2, 3, 3]);
    expect(bench.events.filter(({ type }) => type === 'settle-failed')).toMatchObject([{ outcome: 'split' }]);
    expect(bench.queue.messages()).toEqual([]);
  });

  it('retries the whole body when one of several failed calls cannot be resent', async () => {
    const bench = new Bench(failing({ 1: 1, 2: 1 }), { retry: { baseSeconds: 0 } });
    await bench.queue.send([{ body: body(1, 2, 3) }]);
    bench.queue.fail('send', ({ number }) => (number === 1 ? [undefined, failure('denied')] : undefined));
    await bench.start(60_000);
    expect(bench.handled.filter((n) => n === 3)).toHaveLength(2);
    expect(bench.handled.filter((n) => n === 2)).toHaveLength(2);
    expect(bench.queue.messages()).toEqual([]);
  });

  it('retries the whole body and keeps its receive count when all calls fail', async () => {
    const bench = await handle(failing({ 1: 2, 2: 2 }), [1, 2]);
    expect(settled(bench).map((event) => (event as unknown[])[0])).toEqual(['retry', 'retry', 'ack']);
    expect(bench.runs.at(-1)!.delivery.message.receiveCount).toBe(3);
  });

  it('retries the whole body when a message cannot be sent to its queue again', async () => {
    const bench = new Bench(failing({ 2: 1 }), { retry: { baseSeconds: 0 }, features: { resend: false } });
    await bench.queue.send([{ body: body(1, 2) }]);
    await bench.start(60_000);
    expect(bench.handled).toEqual([1, 2, 1, 2]);
  });

  it('retries the whole body on a FIFO queue to keep the order of its calls', async () => {
    const bench = await handle(failing({ 2: 1 }), [1, 2, 3], { queue: { fifo: true } });
    expect(bench.handled).toEqual([1, 2, 1, 2, 3]);
  });
});

describe('the parts of a body', () => {
  it.each(['binary', 'compact', 'json'] as const)('splits a body into its calls byte for byte: %s', (protocol) => {
    const own = createEventCodec(codec.contract.services, { protocol });
    const calls = [1, 22, 333].map((n) => own.encode({ method: 'run', args: { n } }));
    for (const kind of ['text', 'bytes'] as const) {
      const parts = own.split(own.toBody(Buffer.concat(calls), kind));
      expect(parts.map((part) => Buffer.from(part as Buffer))).toEqual(
        calls.map((call) => Buffer.from(own.toBody(call, kind) as Buffer)),
      );
    }
  });
});
