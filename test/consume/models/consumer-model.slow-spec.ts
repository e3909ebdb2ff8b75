import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sleep } from '../../../lib/queue/clock.js';
import type { QueueErrorKind } from '../../../lib/queue/queue-error.js';
import type { Fault, QueueVerb } from '../../../lib/carriers/memory/fault-script.js';
import { seedRandom, watch } from '../../queue/harness.js';
import { Bench, body, failure, range } from '../harness.js';

seedRandom();

type ScriptedFault = 'none' | QueueErrorKind | readonly (QueueErrorKind | undefined)[];

const kind = fc.constantFrom<QueueErrorKind>('network', 'service', 'throttled', 'denied');
const whole = fc.oneof(fc.constant<'none'>('none'), kind);
const entries = fc.array(fc.option(kind, { nil: undefined }), { minLength: 1, maxLength: 10 });
const faults = fc.array(fc.oneof(whole, entries), { maxLength: 8 });

const plan = fc.record({
  fifo: fc.boolean(),
  concurrency: fc.integer({ min: 1, max: 12 }),
  maxPollers: fc.integer({ min: 1, max: 3 }),
  messages: fc.array(
    fc.record({
      /** Deliveries that fail before one succeeds. */
      failures: fc.integer({ min: 0, max: 2 }),
      takesMs: fc.constantFrom(0, 50, 9_000),
      group: fc.constantFrom('a', 'b', 'c'),
      poisonPolicy: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
    { minLength: 1, maxLength: 15 },
  ),
  receive: fc.array(whole, { maxLength: 8 }),
  acknowledge: faults,
  discard: faults,
  release: faults,
  extend: faults,
  lostAnswers: fc.boolean(),
  stopAfterMs: fc.constantFrom(0, 30, 5_000, 600_000),
});

type Plan = typeof plan extends fc.Arbitrary<infer P> ? P : never;

function script(bench: Bench, verb: QueueVerb, list: readonly ScriptedFault[], lost: boolean): void {
  const toFault = (fault: ScriptedFault | undefined): Fault => {
    if (fault === undefined || fault === 'none') return undefined;
    return typeof fault === 'string' ? failure(fault) : fault.map((each) => each && failure(each));
  };
  bench.queue.fail(verb, ({ number }) => toFault(list[number - 1]), lost ? 'after' : 'before');
}

class Model {
  readonly succeeded = new Set<number>();
  readonly received: string[] = [];
  readonly removed: number[] = [];
  readonly bench: Bench;

  constructor(readonly plan: Plan) {
    const { fifo, concurrency, maxPollers, messages } = plan;
    this.bench = new Bench(
      async (n, { message }, clock) => {
        const { failures, takesMs } = messages[n]!;
        await sleep(clock, takesMs);
        if (message.receiveCount <= failures) throw new Error('as planned');
        this.succeeded.add(n);
      },
      {
        concurrency,
        maxPollers,
        visibilityTimeoutSeconds: 10,
        waitTimeSeconds: 5,
        retry: { baseSeconds: 1, maxSeconds: 4 },
        poisonPolicy: { type: 'drop' },
        queue: { fifo },
      },
    );
    for (const verb of ['receive', 'acknowledge', 'discard', 'release', 'extend'] as const) {
      script(this.bench, verb, plan[verb], plan.lostAnswers);
    }
    this.watchQueue();
  }

  private watchQueue(): void {
    const { queue } = this.bench;
    const receive = queue.receive.bind(queue);
    queue.receive = async (options) => {
      const messages = await receive(options);
      this.received.push(...messages.map(({ receipt }) => receipt));
      return messages;
    };
    const acknowledge = queue.acknowledge.bind(queue);
    queue.acknowledge = (messages) => {
      this.removed.push(...messages.map(({ attributes }) => Number(attributes.n)));
      return acknowledge(messages);
    };
    const discard = queue.discard.bind(queue);
    queue.discard = (discards) => {
      this.removed.push(...discards.map(({ message }) => Number(message.attributes.n)));
      return discard(discards);
    };
  }

  async play(): Promise<void> {
    const { bench, plan } = this;
    for (const [n, { group, poisonPolicy }] of plan.messages.entries()) {
      const attributes = { n: `${n}` };
      await bench.queue.send([
        { body: poisonPolicy ? `poison ${n}` : body(n), attributes, ...(plan.fifo && { groupId: group }) },
      ]);
    }
    await bench.start(plan.stopAfterMs);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(25_500);
    expect(stopped.state).toBe('resolved');
  }
}

describe('a Consumer under random queue faults and handler outcomes', () => {
  it('settles each delivery once and neither loses a message nor leaks a timer under random faults', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (planned) => {
        const model = new Model(planned);
        await model.play();
        const { bench, succeeded } = model;
        const ends = [...bench.settled, ...bench.of('settle-failed').filter(({ queue }) => queue === bench.queue.name)];
        expect(ends).toHaveLength(model.received.length);
        expect(bench.clock.pending).toBe(0);
        const isPoison = (n: number): boolean => planned.messages[n]!.poisonPolicy;
        for (const n of model.removed) expect(succeeded.has(n) || isPoison(n)).toBe(true);
        const left = new Set(bench.queue.messages().map(({ attributes }) => Number(attributes.n)));
        for (const n of planned.messages.keys()) expect(left.has(n) || succeeded.has(n) || isPoison(n)).toBe(true);
        if (planned.stopAfterMs === 600_000) {
          expect(left.size).toBe(0);
          expect(range(planned.messages.length, 0).filter((n) => !succeeded.has(n) && !isPoison(n))).toEqual([]);
        }
      }),
      { numRuns: 80, seed: 11 },
    );
  });

  it('completes the messages of a group in the order they were sent under random faults', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (planned) => {
        const model = new Model({ ...planned, fifo: true, stopAfterMs: 600_000 });
        await model.play();
        for (const group of ['a', 'b', 'c']) {
          const own = [...model.succeeded].filter((n) => planned.messages[n]!.group === group);
          expect(own).toEqual([...own].sort((a, b) => a - b));
        }
      }),
      { numRuns: 40, seed: 11 },
    );
  });
});
