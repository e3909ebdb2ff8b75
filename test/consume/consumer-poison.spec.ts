import { describe, expect, it } from '@jest/globals';
import type { HandlerDecision } from '../../lib/consume/delivery.js';
import { DEAD_LETTER_ATTRIBUTE } from '../../lib/queue/dead-letter-note.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { sleep } from '../../lib/queue/clock.js';
import type { RejectReason } from '../../lib/queue/settlement.js';
import { seedRandom } from '../queue/harness.js';
import { Bench, body, codec, range } from './harness.js';

seedRandom();

function header(name: string, type = 4): Buffer {
  const text = Buffer.from(name);
  const size = Buffer.alloc(4);
  size.writeInt32BE(text.length);
  return Buffer.concat([Buffer.from([0x80, 1, 0, type]), size, text, Buffer.alloc(4)]);
}

const base64 = (...parts: Uint8Array[]): string => Buffer.concat(parts).toString('base64');
const call = codec.encode({ method: 'run', args: { n: 1 } });
const badName = header('run');
badName[8] = 0xff;

/** Every reason that a body of this contract can be refused for. */
const POISON: readonly [RejectReason, string][] = [
  ['not-base64', 'no base64!'],
  ['not-base64', `${call.toString('base64')}*`],
  ['unknown-protocol', base64(Buffer.from([1, 2, 3]))],
  ['bad-header', base64(Buffer.from([0x80, 9, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]))],
  ['wrong-message-type', base64(header('run', 2), Buffer.from([0]))],
  ['wrong-message-type', base64(header('ask'), Buffer.from([0]))],
  ['unknown-method', base64(header('__proto__'), Buffer.from([0]))],
  ['unknown-service', base64(header('Nope:run'), Buffer.from([0]))],
  ['truncated', base64(call.subarray(0, -1))],
  ['type-mismatch', base64(header('run'), Buffer.from([0x02, 0, 1, 1, 0]))],
  ['missing-required', base64(header('job'), Buffer.from([0x0c, 0, 1, 0, 0]))],
  ['invalid-utf8', base64(badName, Buffer.from([0]))],
];

describe('poison beside good messages', () => {
  it.each(POISON)(
    'rejects a poison message as %s and handles nine good messages beside the poison: %p',
    async (reason, poisonPolicy) => {
      const dead = createMemoryQueue({ name: 'dead' });
      const bench = new Bench(undefined, { poisonPolicy: { type: 'dead-letter', deadLetters: dead, max: 3 } });
      const messages = range(9).map((n) => ({ body: body(n) }));
      await bench.queue.send([
        ...messages.slice(0, 4),
        { body: poisonPolicy, attributes: { a: 'b' } },
        ...messages.slice(4),
      ]);
      await bench.start(10);
      expect([bench.handled, bench.left]).toEqual([range(9), 0]);
      expect(bench.outcomes.sort()).toEqual([...Array<string>(9).fill('ack'), 'reject']);
      expect(bench.settled.find(({ outcome }) => outcome === 'reject')).toMatchObject({ reason });
      expect(dead.messages()).toMatchObject([{ body: poisonPolicy, attributes: { a: 'b' } }]);
      expect(JSON.parse(dead.messages()[0]!.attributes[DEAD_LETTER_ATTRIBUTE]!)).toMatchObject({
        reason,
        queue: 'memory',
      });
    },
  );

  it('rejects a message that the queue marks as defective although its body is valid', async () => {
    const bench = new Bench(undefined, { poisonPolicy: { type: 'drop' } });
    const receive = bench.queue.receive.bind(bench.queue);
    bench.queue.receive = async (options) =>
      (await receive(options)).map((message, i) =>
        i === 0 ? { ...message, defect: { reason: 'md5-mismatch', detail: 'by script' } as const } : message,
      );
    await bench.queue.send(range(3).map((n) => ({ body: body(n) })));
    await bench.start(10);
    expect(bench.handled).toEqual([2, 3]);
    expect(bench.settled.filter(({ outcome }) => outcome === 'reject')).toMatchObject([{ reason: 'md5-mismatch' }]);
  });

  it('rejects a body with a length beyond the limits of the codec', async () => {
    const text = header('run');
    text.writeInt32BE(0x7fffffff, 4);
    const bench = new Bench(undefined, { poisonPolicy: { type: 'drop' } });
    await bench.queue.send([{ body: base64(text) }, { body: body(1) }]);
    await bench.start(10);
    expect([bench.handled, bench.left]).toEqual([[1], 0]);
  });

  it('slows down the redelivery of a poison message without a redrive policy', async () => {
    const bench = new Bench(undefined, { retry: { baseSeconds: 2, factor: 2, maxSeconds: 900 } });
    await bench.queue.send([{ body: 'poison' }]);
    await bench.start(3_600_000);
    expect(bench.left).toBe(1);
    expect(bench.settled.length).toBeLessThan(60);
  });

  it('keeps the body of a poison message out of all events', async () => {
    const bench = new Bench(undefined, { poisonPolicy: { type: 'drop' } });
    await bench.queue.send([{ body: 'secret-secret-secret' }, { body: base64(header('run'), Buffer.from('secret')) }]);
    await bench.start(10);
    expect(bench.settled).toHaveLength(2);
    expect(JSON.stringify(bench.events)).not.toContain('secret');
  });
});

describe('a classifyError result outside its declared type', () => {
  it.each<[string, unknown, string]>([
    ['an object', { statusCode: 404, message: 'no such user' }, 'no such user'],
    ['an error', new Error('no such user'), 'no such user'],
    ['a number', 404, 'a thrown number'],
    ['nothing', undefined, 'a thrown undefined'],
  ])(
    'rejects a message with %s as detail and writes the text of the detail to the dead letter',
    async (_, detail, text) => {
      const dead = createMemoryQueue({ name: 'dead' });
      const bench = new Bench(
        () => {
          throw new Error('no');
        },
        {
          poisonPolicy: { type: 'dead-letter', deadLetters: dead, max: 3 },
          classifyError: () => ({ type: 'reject', detail }) as HandlerDecision,
          concurrency: 1,
        },
      );
      await bench.send(range(2));
      await bench.start(100);
      expect(bench.settled).toMatchObject(Array(2).fill({ fate: 'dead-lettered', detail: text }));
      const notes = dead.messages().map((letter) => JSON.parse(letter.attributes[DEAD_LETTER_ATTRIBUTE]!) as unknown);
      expect(notes).toMatchObject(Array(2).fill({ detail: text }));
    },
  );

  it.each<[string, unknown, number]>([
    ['a text that is a number', { type: 'retry', delaySeconds: '60' }, 60],
    ['a text that is none', { type: 'retry', delaySeconds: 'soon' }, 7],
    ['an object', { type: 'retry', delaySeconds: {} }, 7],
    ['a promise', Promise.resolve({ type: 'reject', detail: 'x' }), 7],
    ['a text', 'reject', 7],
    ['null', null, 7],
  ])(
    'takes the retry delay from %s, or from the retry policy without a numeric delay',
    async (_, decision, seconds) => {
      const bench = new Bench(
        () => {
          throw new Error('no');
        },
        { classifyError: () => decision as HandlerDecision, retry: { baseSeconds: 7, jitter: 0 } },
      );
      await bench.send([1]);
      await bench.start(10);
      expect(bench.settled).toMatchObject([{ outcome: 'retry', delaySeconds: seconds }]);
    },
  );
});

it('sends at most 256 copies side by side, however many messages are poison', async () => {
  const dead = createMemoryQueue({ name: 'dead' });
  const bench = new Bench(undefined, { poisonPolicy: { type: 'dead-letter', deadLetters: dead, max: 3 } });
  const send = dead.send.bind(dead);
  let [open, most] = [0, 0];
  dead.send = async (messages) => {
    most = Math.max(most, (open += 1));
    await sleep(bench.clock, 60);
    open -= 1;
    return send(messages);
  };
  for (let i = 0; i < 200; i += 1) await bench.queue.send(range(10).map(() => ({ body: 'no base64!' })));
  await bench.start(5_000);
  expect([bench.left, dead.messages().length, most]).toEqual([0, 2_000, 256]);
});
