import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createEventCodec } from '#lib/event/event-codec.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import type { ThriftLimitOptions } from '#lib/thrift/limits.js';
import { Bench } from './harness.js';

const service = findService(
  loadSchemaFromText(`
    struct Point { 1: i32 x, 2: list<i64> trail = [1, 2, 3, 4, 5] }
    service Jobs { oneway void ids(1: set<i64> ids, 2: Point point), oneway void tick() }`),
  'Jobs',
);

/** A client and a worker with the same limits. */
function jobs(limits: ThriftLimitOptions, maxBytes: number): Bench {
  return new Bench({ pack: { maxBytes } }, {}, {}, createEventCodec([service], { limits }));
}

/** Number of ids of each call. Undefined stands for a call without arguments. */
async function bodiesOf(calls: readonly (number | undefined)[], limits: ThriftLimitOptions, maxBytes = 1_000_000) {
  const bench = jobs(limits, maxBytes);
  for (const count of calls) {
    const call =
      count === undefined
        ? { method: 'tick', args: {} }
        : { method: 'ids', args: { ids: Array.from({ length: count }, (_, i) => BigInt(i)), point: {} } };
    bench.watch(bench.publisher.publish(call));
  }
  await bench.clock.advance(0);
  const worker = createEventCodec([service], { limits });
  const bodies = bench.queue.messages().map(({ body }) => worker.decode(body));
  return { bench, bodies };
}

describe('the call packer and the limits of a worker', () => {
  it('closes a body before it holds more elements than the worker reads', async () => {
    const { bench, bodies } = await bodiesOf([6_000, 6_000, 6_000, undefined, undefined], { elements: 13_000 });
    expect(bodies.map((calls) => calls.length)).toEqual([2, 3]);
    expect(bench.states).toEqual(Array<string>(5).fill('stored'));
  });

  it('closes a body before it holds more calls than the worker reads', async () => {
    const { bodies } = await bodiesOf(Array<undefined>(25).fill(undefined), { calls: 10 });
    expect(bodies.map((calls) => calls.length)).toEqual([10, 10, 5]);
  });

  it('packs 10 000 small calls into one body, and a default worker reads them', async () => {
    const { bodies } = await bodiesOf(Array<undefined>(10_000).fill(undefined), {});
    expect(bodies.map((calls) => calls.length)).toEqual([10_000]);
  });

  it('refuses a call that no body may hold, before anything is sent, and names what was charged', async () => {
    const { bench } = await bodiesOf([50, undefined], { elements: 60 });
    expect(bench.ended.get(0)).toMatchObject({
      error: {
        message:
          'ids.ids: a container of 50 elements costs 66 elements, and 49 of 60 are left for the body (limits.elements)',
      },
    });
    expect(bench.states[1]).toBe('stored');
  });

  it('makes only bodies that a worker with the same limits reads, in the order of the calls', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.nat(60), { nil: undefined }), { minLength: 1, maxLength: 60 }),
        fc.record({ elements: fc.integer({ min: 150, max: 600 }), calls: fc.integer({ min: 1, max: 20 }) }),
        fc.constantFrom(600, 8_192, 1_000_000),
        async (calls, limits, maxBytes) => {
          const { bench, bodies } = await bodiesOf(calls, limits, maxBytes);
          expect(bench.states).toEqual(calls.map(() => 'stored'));
          const counts = bodies.flat().map(({ args }) => (args.ids as Set<bigint> | undefined)?.size);
          expect(counts).toEqual(calls);
        },
      ),
      { numRuns: 200 },
    );
  });
});
