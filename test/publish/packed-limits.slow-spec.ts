import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createEventCodec } from '#lib/event/event-codec.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import { resolvePublishOptions } from '#lib/publish/publish-options.js';
import { Publisher } from '#lib/publish/publisher.js';
import type { Queue } from '#lib/queue/queue.js';
import { createMemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import type { ThriftLimits } from '#lib/thrift/limits.js';
import { Bench as LargePayloadBench } from '../carriers/sqs/extended/harness.js';
import { PROTOCOLS } from '../thrift/harness.js';

/** Cases of each protocol. `LIMIT_CASES=100000` searches for longer. */
const CASES = Number(process.env['LIMIT_CASES'] ?? 200);

/** A limit of strings that many calls reach. With the other limit a text may fill a whole body. */
const SHORT = 40;

const service = findService(
  loadSchemaFromText(`
    struct Tree { 1: list<Tree> below, 2: string name = "leaf" }
    struct Many {
      1: set<i64> ids, 2: map<i16, string> names, 3: list<double> numbers, 4: binary bytes, 5: Tree tree, 6: list<bool> flags
    }
    service Jobs { oneway void run(1: string text, 2: Many many), oneway void tick() }`),
  'Jobs',
);

interface Tree {
  readonly below?: readonly Tree[];
  readonly name?: string;
}

/** Nests trees. */
const treeOf = (depth: number): Tree => (depth < 2 ? {} : { below: [treeOf(depth - 1)] });

/** A count near a bound, or any small one. */
const near = (bound: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: -45, max: 1 }).map((by) => Math.max(0, bound + by)),
    fc.nat(12),
  );

/** Makes the arguments of a call whose sizes lie at the limits. */
function callsNear(limits: ThriftLimits, maxBytes: number): fc.Arbitrary<readonly (object | undefined)[]> {
  const text = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.integer({ min: -1, max: 1 }).map((by) => 'x'.repeat(Math.min(limits.stringBytes, SHORT) + by)),
    },
    { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
    { weight: 1, arbitrary: fc.integer({ min: -120, max: 3 }).map((by) => 'x'.repeat((maxBytes / 4) * 3 + by)) },
  );
  const count = near(limits.elements);
  const many = fc.record(
    {
      ids: count.map((size) => Array.from({ length: size }, (_, at) => BigInt(at))),
      names: fc.nat(6).map((size) => new Map(Array.from({ length: size }, (_, at) => [at, 'name']))),
      numbers: count.map((size) => Array<number>(size).fill(0.5)),
      bytes: fc.integer({ min: -1, max: 1 }).map((by) => Buffer.alloc(Math.min(limits.stringBytes, SHORT) + by)),
      tree: fc.integer({ min: -1, max: 1 }).map((by) => treeOf(limits.depth - 2 + by)),
      flags: fc.nat(30).map((size) => Array<boolean>(size).fill(true)),
    },
    { requiredKeys: [] },
  );
  const call = fc.option(fc.record({ text, many }, { requiredKeys: [] }), { nil: undefined, freq: 3 });
  const calls = near(limits.calls).map((size) => Math.min(24, Math.max(1, size)));
  return calls.chain((size) => fc.array(call, { minLength: size, maxLength: size }));
}

const settings = fc.record({
  limits: fc.record({
    elements: fc.integer({ min: 40, max: 300 }),
    calls: fc.integer({ min: 1, max: 20 }),
    depth: fc.integer({ min: 3, max: 8 }),
    stringBytes: fc.constantFrom(SHORT, 2_000_000),
  }),
  maxBytes: fc.oneof(
    { weight: 5, arbitrary: fc.constant(8_192) },
    { weight: 4, arbitrary: fc.constant(65_536) },
    { weight: 1, arbitrary: fc.constant(1_048_576) },
  ),
  inS3: fc.boolean(),
});

/** Emits calls, and reads what was stored as a worker with the same limits does. */
async function exchange(
  calls: readonly (object | undefined)[],
  { queue, maxBytes, codec }: { queue: Queue; maxBytes: number; codec: ReturnType<typeof createEventCodec> },
  clock: VirtualClock,
): Promise<{ readonly accepted: readonly boolean[]; readonly read: readonly unknown[] }> {
  const publisher = new Publisher({
    body: 'text',
    carriesIds: true,
    open: () => Promise.resolve(queue),
    codec,
    clock,
    report: () => undefined,
    options: resolvePublishOptions({ retryBaseMs: 0, pack: { maxBytes } }),
  });
  const accepted: boolean[] = [];
  let ended = 0;
  for (const [at, args] of calls.entries()) {
    const call = args === undefined ? { method: 'tick', args: {} } : { method: 'run', args: { ...args } };
    publisher.publish(call).then(
      () => ((accepted[at] = true), ended++),
      () => ((accepted[at] = false), ended++),
    );
  }
  while (ended < calls.length) await clock.advance(1);
  const read: unknown[] = [];
  for (;;) {
    const messages = await queue.receive({ max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 600 });
    if (messages.length === 0) return { accepted, read };
    for (const { body } of messages) read.push(...codec.decode(body).map(({ args }) => args));
  }
}

/** The arguments as a worker gets them, by their text and the sizes of their parts. */
function shape(args: unknown): unknown {
  const { text, many } = args as { text?: string; many?: Record<string, unknown> };
  const sizeOf = (value: unknown): unknown => {
    const { size, length } = (value ?? {}) as { size?: number; length?: number };
    return size ?? length;
  };
  const { ids, names, numbers, bytes, flags } = many ?? {};
  return [text, many !== undefined, ...[ids, names, numbers, bytes, flags].map(sizeOf)];
}

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

describe.each(PROTOCOLS)('calls at the limits in %s', (protocol) => {
  it('arrive as they were emitted, or are refused before anything is sent, in bodies of every size and in S3', async () => {
    await fc.assert(
      fc.asyncProperty(
        settings.chain((one) => callsNear(one.limits, one.maxBytes).map((calls) => ({ ...one, calls }))),
        async ({ limits, maxBytes, inS3, calls }) => {
          const clock = new VirtualClock(0);
          const queue = inS3
            ? new LargePayloadBench({ threshold: 2_000 }, { clock }).large
            : createMemoryQueue({ clock });
          const codec = createEventCodec([service], { protocol, limits });
          const { accepted, read } = await exchange(calls, { queue, maxBytes, codec }, clock);
          const expected = calls.filter((_, at) => accepted[at]).map((args) => shape(args ?? {}));
          // A standard queue keeps no order between bodies.
          expect(read.map(shape).sort(byText)).toEqual(expected.sort(byText));
        },
      ),
      { numRuns: CASES },
    );
  }, 3_600_000);
});
