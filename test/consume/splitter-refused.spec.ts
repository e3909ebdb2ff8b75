import { describe, expect, it } from '@jest/globals';
import { createEventCodec } from '../../lib/event/event-codec.js';
import { MemoryIdempotencyStore } from '../../lib/idempotency/memory-idempotency-store.js';
import { Asks, Bench, body, codec, failure, range, type BenchOptions, type Handler } from './harness.js';

const DROP: BenchOptions = { poisonPolicy: { type: 'drop' }, retry: { baseSeconds: 1, jitter: 0, maxReceives: 3 } };

/** Fails for all numbers but 0. */
const allBut0: Handler = (n) => {
  if (n !== 0) throw new Error('no');
};

/** Notes the bodies that the worker sends and its queue stores. */
function noteStored(bench: Bench): string[] {
  const stored: string[] = [];
  const send = bench.queue.send.bind(bench.queue);
  bench.queue.send = async (messages) => {
    const outcomes = await send(messages);
    messages.forEach((message, i) => outcomes[i]?.ok && stored.push(message.body as string));
    return outcomes;
  };
  return stored;
}

/** Jobs as JSON text, in which calls of a number that is marked carry a character that no queue takes. */
function jsonBody(numbers: readonly number[], marked: number): string {
  const json = createEventCodec(codec.contract.services, { protocol: 'json' });
  const calls = numbers.map((n) => {
    const text = json.encode({ method: 'run', args: { n } }).toString();
    return n === marked ? text.replace(/}]$/, ',"9":{"str":"\u0001"}}]') : text;
  });
  return calls.join('');
}

describe('the encoding of a split body', () => {
  it.each(['binary', 'compact', 'json'] as const)('keeps base64 in every part of a base64 body: %s', (protocol) => {
    const own = createEventCodec(codec.contract.services, { protocol });
    const calls = [1, 22, 333].map((n) => own.encode({ method: 'run', args: { n } }));
    expect(own.split(Buffer.concat(calls).toString('base64'))).toEqual(calls.map((call) => call.toString('base64')));
  });
});

describe('a body of which some calls cannot be sent again', () => {
  it('resends no call and rejects the body after maxReceives when a call has a forbidden character', async () => {
    const bench = new Bench(allBut0, DROP);
    const stored = noteStored(bench);
    await bench.queue.send([{ body: body(0, ...range(20)) }]);
    stored.length = 0;
    // As a body in S3 may have it: what the queue itself holds has no such character.
    const spoiled = jsonBody([0, ...range(20)], 20);
    const receive = bench.queue.receive.bind(bench.queue);
    bench.queue.receive = async (options) => {
      const messages = await receive(options);
      return messages.map((message) => ({ ...message, body: spoiled }));
    };
    await bench.start(600_000);
    expect(stored).toEqual([]);
    expect(bench.outcomes).toEqual(['retry', 'retry', 'reject']);
    expect([bench.settled.at(-1)?.reason, bench.left]).toEqual(['too-many-receives', 0]);
  });

  it.each(['denied', 'invalid'] as const)(
    'does not split a body again after a permanent refusal of a resent call: %s',
    async (kind) => {
      const bench = new Bench(allBut0, DROP);
      const stored = noteStored(bench);
      await bench.queue.send([{ body: body(0, ...range(30)) }]);
      stored.length = 0;
      let requests = 0;
      bench.queue.fail('send', ({ entries }) => {
        requests += 1;
        return Array.from({ length: entries }, (_, i) => (i === entries - 1 ? failure(kind) : undefined));
      });
      await bench.start(600_000);
      // The calls beside it were stored, once; those behind it were not sent.
      expect(stored).toHaveLength(9);
      // One that is invalid is tried without the id that we gave it.
      expect(requests).toBe(kind === 'invalid' ? 2 : 1);
      const [whole] = bench.runs;
      const ends = bench.settled.filter(({ messageId }) => messageId === whole!.delivery.message.id);
      expect(ends.map(({ outcome }) => outcome)).toEqual(['retry', 'reject']);
      expect(bench.of('settle-failed')).toMatchObject([{ outcome: 'split', verb: 'send' }]);
      expect([bench.runs.filter(({ n }) => n === 0).length, bench.left]).toEqual([3, 0]);
    },
  );

  it('rejects a body at once when every failed call asks for rejection and cannot be resent', async () => {
    const bench = new Bench(
      (n) => {
        if (n !== 0) throw new Asks({ type: 'reject', detail: 'never' });
      },
      { ...DROP, retry: {} },
    );
    await bench.queue.send([{ body: body(0, 1) }]);
    bench.queue.fail('send', () => [failure('denied')]);
    await bench.start(1_000);
    expect(bench.settled).toMatchObject([{ outcome: 'reject', reason: 'handler-rejected', detail: 'never' }]);
    expect(bench.left).toBe(0);
  });

  it('does not store a resent call again at the next delivery of the body', async () => {
    const bench = new Bench(allBut0, { retry: { baseSeconds: 10, jitter: 0 } });
    const stored = noteStored(bench);
    await bench.queue.send([{ body: body(0, 1, 2, 3) }]);
    stored.length = 0;
    let fails = true;
    const refusal = failure('service');
    bench.queue.fail('send', ({ entries }) => (fails ? (entries === 1 ? [refusal] : [undefined, refusal]) : undefined));
    await bench.start(9_000);
    expect(stored).toHaveLength(2);
    fails = false;
    await bench.clock.advance(9_000);
    expect(stored.sort()).toEqual([body(1), body(2), body(3)].sort());
    expect(bench.outcomes).toContain('split');
  });

  it('deletes a body at redelivery without resending its calls when the first delete failed', async () => {
    const bench = new Bench(allBut0, { retry: { baseSeconds: 1_000, jitter: 0 } });
    const stored = noteStored(bench);
    await bench.queue.send([{ body: body(0, 1, 2) }]);
    stored.length = 0;
    bench.queue.fail('acknowledge', ({ number }) => (number === 1 ? [failure('denied')] : undefined));
    await bench.start(100_000);
    expect(bench.runs.filter(({ n }) => n === 0)).toHaveLength(2);
    expect(stored).toHaveLength(2);
    expect(bench.outcomes).toEqual(['split']);
  });
});

describe('a resent call that the queue refuses because of its event id', () => {
  it('resends a call without an event id when the queue refuses the call with its event id', async () => {
    let failed = 0;
    const bench: Bench = new Bench(
      (n) => {
        if (n !== 0 && (failed += 1) <= 2) throw new Error('no');
      },
      { idempotency: { store: new MemoryIdempotencyStore() } },
    );
    await bench.queue.send([{ body: body(0, 1, 2), attributes: { 'thrift-event-id': 'e', tenant: 'a' } }]);
    const send = bench.queue.send.bind(bench.queue);
    bench.queue.send = async (messages) => {
      const refused = messages.some(({ attributes }) => attributes?.['thrift-event-id']);
      return refused ? messages.map(() => ({ ok: false, error: failure('invalid') })) : send(messages);
    };
    await bench.start(60_000);
    expect(bench.handled.sort()).toEqual([0, 1, 1, 2, 2]);
    expect(bench.outcomes.sort()).toEqual(['ack', 'ack', 'split']);
    expect({ ...bench.runs.at(-1)!.delivery.message.attributes }).toEqual({ tenant: 'a' });
  });
});
