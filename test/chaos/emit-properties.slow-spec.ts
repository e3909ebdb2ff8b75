import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type ClientSqsThrift, SqsThriftRecordBuilder } from 'nestjs-sqs-thrift';
import { lastValueFrom } from 'rxjs';
import { quiet } from '../../lib/publish/call-result.js';
import { seededRandom, withProbability } from '../fakes/sqs/fault-schedules.js';
import type { Fault } from '../fakes/sqs/faults.js';
import { codec, Rig, moveReport, texts } from './rig.js';

let rig: Rig;
let queues = 0;
beforeAll(async () => {
  Logger.overrideLogger(false);
  rig = await Rig.start();
});
afterAll(() => rig.stop());

/** One emit, and how many turns of the event loop come before it. */
interface Emit {
  readonly turns: number;
  readonly text: string;
  readonly group: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const text = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: 'grapheme', maxLength: 300 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 190_000 }).map((length) => 'ä'.repeat(length / 2)) },
);
const attributes = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ tenant: fc.constantFrom('a', 'ü', '\u{1f600}') }) },
  {
    weight: 1,
    arbitrary: fc.dictionary(fc.stringMatching(/^[a-z][A-Za-z0-9_-]{0,20}$/), fc.stringMatching(/^[ -~]{1,40}$/), {
      maxKeys: 10,
      noNullPrototype: true,
    }),
  },
);
const emit: fc.Arbitrary<Emit> = fc.record({
  turns: fc.constantFrom(0, 0, 0, 1, 3),
  text,
  group: fc.constantFrom('g1', 'g2', 'g3'),
  attributes,
});
const emits = fc.array(emit, { minLength: 1, maxLength: 80 });

const FAULTS: readonly Fault[] = [
  { kind: 'error', error: 'InternalFailure', status: 500 },
  { kind: 'error', error: 'RequestThrottled', status: 400 },
  { kind: 'error', error: 'InternalFailure', status: 500, when: 'after' },
  { kind: 'reset' },
  { kind: 'reset', when: 'after' },
  { kind: 'fail-entries', entries: new Map([[0, { Code: 'InternalError', SenderFault: false }]]) },
  { kind: 'omit-entries', entries: [1] },
];

/** Lists the calls that reached the queue, in order. */
function delivered(queue: string): readonly (Omit<Emit, 'turns' | 'group'> & { readonly group: string | undefined })[] {
  return rig.fake.stored(queue).flatMap(({ body, groupId, attributes: stored }) =>
    codec.decode(body).map(({ args }) => ({
      text: args.text as string,
      group: groupId,
      attributes: Object.fromEntries(Object.entries(stored).map(([name, { StringValue }]) => [name, StringValue!])),
    })),
  );
}

/** Makes the emits, each at its time. */
async function emitAll(client: ClientSqsThrift, plan: readonly Emit[], fifo: boolean): Promise<Promise<string>[]> {
  const promises: Promise<string>[] = [];
  for (const [at, { turns, ...call }] of plan.entries()) {
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const record = new SqsThriftRecordBuilder({ text: call.text })
      .setAttributes(call.attributes)
      .setGroupId(call.group);
    if (fifo) record.setDeduplicationId(String(at));
    // One may fail before all are made.
    promises.push(quiet(lastValueFrom(client.emit<string>('text', record.build()))));
  }
  return promises;
}

/** Plays the emits against a queue of its own, whose sends fail by chance. */
async function play(plan: readonly Emit[], options: object, fifo: boolean, seed: number): Promise<string> {
  const queue = `q${(queues += 1)}${fifo ? '.fifo' : ''}`;
  rig.fake.createQueue(queue);
  const client = rig.client({ queue, retryBaseMs: 1, maxAttempts: 20, ...options });
  await client.connect();
  const random = seededRandom(seed);
  const fault = withProbability(0.25, random, () => FAULTS[Math.floor(random() * FAULTS.length)]);
  rig.fake.faults = (request) => (request.action === 'SendMessageBatch' ? fault(request) : undefined);
  const { failed } = await moveReport(await emitAll(client, plan, fifo));
  rig.fake.faults = undefined;
  await client.close();
  expect([...failed.values()]).toEqual([]);
  return queue;
}

const key = (call: object): string => JSON.stringify(call);

describe('any sequence of emits, whatever fails on the way', () => {
  it('a FIFO queue receives any sequence of emits exactly once and in group order', async () => {
    await fc.assert(
      fc.asyncProperty(emits, fc.nat(), async (plan, seed) => {
        const got = delivered(await play(plan, {}, true, seed));
        for (const group of ['g1', 'g2', 'g3']) {
          const wanted = plan.filter((call) => call.group === group).map(({ turns: _, ...call }) => call);
          expect(got.filter((call) => call.group === group)).toEqual(wanted);
        }
      }),
      { numRuns: 25, seed: 4 },
    );
  });

  it.each<[string, object]>([
    ['batched', {}],
    ['in shared bodies', { pack: true }],
    ['in shared bodies up to the message limit', { pack: { maxBytes: 1_048_576, lingerMs: 2 } }],
  ])('a standard queue receives any sequence of emits at least once, %s', async (_, options) => {
    await fc.assert(
      fc.asyncProperty(emits, fc.nat(), async (plan, seed) => {
        const got = new Set(delivered(await play(plan, options, false, seed)).map(key));
        const wanted = new Set(
          plan.map(({ text: words, group, attributes: more }) => key({ text: words, group, attributes: more })),
        );
        expect(got).toEqual(wanted);
      }),
      { numRuns: 15, seed: 4 },
    );
  });

  it.each<[string, object]>([
    ['batched', {}],
    ['in shared bodies', { pack: true }],
    ['in shared bodies up to the message limit', { pack: { maxBytes: 1_048_576, lingerMs: 2 } }],
  ])('settles each emit of a long outage by whether the queue stored the call, %s', async (_, options) => {
    await fc.assert(
      fc.asyncProperty(fc.array(emits, { minLength: 2, maxLength: 4 }), async (plans) => {
        const queue = `q${(queues += 1)}`;
        rig.fake.createQueue(queue);
        // Gives up at the first failure what waits, so that each outage is too long.
        const client = rig.client({ queue, maxInFlight: 1, deliveryTimeoutMs: 0, buffer: { calls: 80 }, ...options });
        await client.connect();
        for (const [at, plan] of plans.entries()) {
          const before = delivered(queue).length;
          const out = at % 2 === 0;
          rig.fake.faults = (request) => (out && request.action === 'SendMessageBatch' ? { kind: 'reset' } : undefined);
          const { stored, failed } = await moveReport(await emitAll(client, plan, false));
          const got = delivered(queue).slice(before).map(key).sort();
          expect([stored.size, failed.size]).toEqual(out ? [0, plan.length] : [plan.length, 0]);
          expect(got).toEqual(
            out
              ? []
              : plan.map((call) => key({ text: call.text, group: call.group, attributes: call.attributes })).sort(),
          );
        }
        rig.fake.faults = undefined;
        // As many as the buffer takes: it has kept nothing.
        const { failed } = await moveReport(
          texts(80).map((words) => lastValueFrom(client.emit('text', { text: words }))),
        );
        expect(failed).toEqual(new Map());
        await client.close();
      }),
      { numRuns: 10, seed: 4 },
    );
  });
});
