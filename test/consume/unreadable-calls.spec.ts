import { describe, expect, it } from '@jest/globals';
import { createMemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import type { PoisonPolicy } from '#lib/consume/dead-letter.js';
import { callCount } from '#lib/consume/delivery.js';
import { eventId } from '#lib/event/event-id.js';
import { Bench, type BenchOptions, codec, failure } from './harness.js';

const call = (n: number): Buffer => codec.encode({ method: 'run', args: { n } });
/** A call whose argument has another type. Its end can be found. */
const misfit = renamed(codec.encode({ method: 'run', args: { n: 1 } }), 'job');
/** Bytes that begin no call. */
const rubbish = Buffer.alloc(3, 1);

function renamed(bytes: Buffer, name: string): Buffer {
  const copy = Buffer.from(bytes);
  copy.write(name, 8, 'latin1');
  return copy;
}

async function handle(parts: readonly Buffer[], options: BenchOptions = {}) {
  const dead = createMemoryQueue({ name: 'dead' });
  const bench = new Bench(undefined, { poisonPolicy: { type: 'dead-letter', deadLetters: dead, max: 3 }, ...options });
  await bench.queue.send([{ body: Buffer.concat(parts).toString('base64'), groupId: 'g' }]);
  await bench.start(60_000);
  return { bench, dead: dead.messages().map(({ body }) => Buffer.from(body as string, 'base64')) };
}

describe('a body with a call that cannot be read', () => {
  it.each<[name: string, parts: readonly Buffer[], handled: readonly number[], dead: readonly Buffer[]]>([
    ['the last', [call(1), call(2), misfit], [1, 2], [misfit]],
    ['in the middle', [call(1), misfit, call(3), call(4)], [1, 3, 4], [misfit]],
    ['rubbish', [call(1), call(2), rubbish], [1, 2], [rubbish]],
    ['rubbish behind a misfit', [call(1), misfit, call(3), rubbish], [1, 3], [misfit, rubbish]],
    ['cut off', [call(1), call(2).subarray(0, -3)], [1], [call(2).subarray(0, -3)]],
  ])(
    'handles the calls before and behind it once, and moves only that call: %s',
    async (_name, parts, handled, dead) => {
      const { bench, dead: moved } = await handle(parts);
      expect([...bench.handled].sort((a, b) => a - b)).toEqual(handled);
      expect(moved.map((bytes) => bytes.toString('hex'))).toEqual(dead.map((bytes) => bytes.toString('hex')));
      expect(bench.queue.messages()).toEqual([]);
    },
  );

  it('is rejected as a whole if it begins with that call', async () => {
    const { bench, dead } = await handle([misfit, call(2)]);
    expect(bench.handled).toEqual([]);
    expect(dead).toEqual([Buffer.concat([misfit, call(2)])]);
  });

  it('handles the calls before it once where nothing can be sent again', async () => {
    const { bench, dead } = await handle([call(1), call(2), misfit, call(4)], { features: { resend: false } });
    expect(bench.handled).toEqual([1, 2]);
    expect(dead).toEqual([Buffer.concat([call(1), call(2), misfit, call(4)])]);
  });

  it('handles the calls before it once on a FIFO queue, and then moves the body', async () => {
    const { bench, dead } = await handle([call(1), misfit], { queue: { fifo: true } });
    expect([bench.handled, dead]).toEqual([[1], [Buffer.concat([call(1), misfit])]]);
  });

  it('handles the calls before it once while the redrive policy keeps the message', async () => {
    const options = { features: { resend: false }, poisonPolicy: { type: 'redrive' } } as const;
    const { bench } = await handle([call(1), misfit], options);
    expect(bench.handled).toEqual([1]);
    expect(bench.outcomes.length).toBeGreaterThan(1);
    expect(new Set(bench.settled.map((event) => event.outcome === 'reject' && event.reason))).toEqual(
      new Set(['type-mismatch']),
    );
  });

  it('gives the calls the ids of a body with several calls', async () => {
    const { bench } = await handle([call(1), misfit]);
    const ids = bench.runs.map(({ delivery }) => eventId(delivery.message, 0, callCount(delivery)));
    expect(ids).toEqual([`${bench.runs[0]!.delivery.message.id}#0`]);
  });

  it('handles the calls before it once if there are too many to send again', async () => {
    const parts = [call(1), ...Array<Buffer>(1_001).fill(misfit)];
    const { bench } = await handle(parts, { poisonPolicy: { type: 'redrive' } });
    expect(bench.handled).toEqual([1]);
    expect(bench.outcomes.length).toBeGreaterThan(1);
    expect(new Set(bench.outcomes)).toEqual(new Set(['reject']));
  });

  it.each(['drop', 'dead-letter', 'redrive'] as const)(
    'loses no call behind it, and repeats none, while nothing can be sent for a while: %s',
    async (type) => {
      const dead = createMemoryQueue({ name: 'dead' });
      const poisonPolicy: PoisonPolicy = type === 'dead-letter' ? { type, deadLetters: dead, max: 3 } : { type };
      const bench = new Bench(undefined, { poisonPolicy, retry: { baseSeconds: 10, jitter: 0 } });
      await bench.queue.send([{ body: Buffer.concat([call(1), misfit, call(3)]).toString('base64') }]);
      const send = bench.queue.send.bind(bench.queue);
      bench.queue.send = (messages) =>
        bench.clock.now() < 15_000
          ? Promise.resolve(messages.map(() => ({ ok: false, error: failure('throttled') })))
          : send(messages);
      await bench.start(120_000);
      expect([...bench.handled].sort((a, b) => a - b)).toEqual([1, 3]);
      expect(dead.messages().map(({ body }) => body)).toEqual(
        type === 'dead-letter' ? [misfit.toString('base64')] : [],
      );
    },
  );

  it('runs no call of a body that holds too many', async () => {
    const { bench, dead } = await handle(Array<Buffer>(10_001).fill(call(1)));
    expect([bench.handled, dead.length]).toEqual([[], 1]);
    expect(bench.settled[0]).toMatchObject({
      outcome: 'reject',
      reason: 'limit-exceeded',
      detail: 'the body holds more than 10000 calls (limits.calls)',
    });
  });
});
