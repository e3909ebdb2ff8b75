import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Queue } from '../../../lib/queue/queue.js';
import { VirtualClock } from '../../../lib/testing/virtual-clock.js';
import { always, between, every, first, firstOf, seededRandom, withProbability } from './fault-schedules.js';
import type { Fault } from './faults.js';
import { onlyKey, rateCap } from './guards.js';
import { openQueue, receiveNow } from './open-queue.js';
import { startSqsFake, type SqsFake } from './sqs-fake.js';

let clock: VirtualClock;
let fake: SqsFake;
let queue: Queue;
beforeEach(async () => {
  clock = new VirtualClock();
  fake = await startSqsFake({ clock });
  fake.createQueue('q');
  // One attempt, so that one fault is one failure; a deadline that only a request without an answer reaches.
  queue = await openQueue(fake, 'q', {
    client: { maxAttempts: 1 },
    timeouts: { requestMs: 1000, receiveExtraMs: 1000 },
  });
});
afterEach(async () => {
  await queue.close();
  await fake.stop();
});

const send = (...list: string[]): ReturnType<Queue['send']> => queue.send(list.map((body) => ({ body })));
const storedBodies = (): string[] => fake.stored('q').map(({ body }) => body);

/** Describes the failure of a send by a fault, and its entry in the log. */
const ENDINGS: readonly (readonly [what: string, fault: Fault, error: object, outcome: string])[] = [
  ['an error', { kind: 'error', error: 'InternalError' }, { kind: 'service', code: 'InternalError' }, 'InternalError'],
  ['a text', { kind: 'text', text: '<html>', status: 502 }, { kind: 'service', code: 'Http502' }, '502'],
  ['a reset', { kind: 'reset' }, { kind: 'network', code: 'ECONNRESET' }, 'reset'],
  ['silence', { kind: 'hang' }, { kind: 'network', code: 'NoAnswer' }, 'left'],
];

describe('a fault that ends a request', () => {
  it.each(ENDINGS)('fails a send with %s before the message is stored', async (_, fault, error, outcome) => {
    fake.faults = always(fault);
    await expect(send('one')).rejects.toMatchObject(error);
    fake.faults = undefined;
    expect(await send('two')).toMatchObject([{ ok: true }]);
    expect(storedBodies()).toEqual(['two']);
    expect(fake.log.count('SendMessageBatch').outcomes).toEqual({ [outcome]: 1, ok: 1 });
  });

  it.each(ENDINGS)('fails a send with %s after the message is stored', async (_, fault, error) => {
    fake.faults = always({ ...fault, when: 'after' } as Fault);
    await expect(send('one')).rejects.toMatchObject(error);
    expect(storedBodies()).toEqual(['one']);
  });

  it.each(['json', 'connection'] as const)('truncates the answer (%s) after the message is stored', async (cut) => {
    fake.faults = always({ kind: 'truncate', cut });
    await expect(send('one')).rejects.toMatchObject({ retryable: true });
    expect(storedBodies()).toEqual(['one']);
    expect(fake.log.count('SendMessageBatch').outcomes).toEqual({ truncated: 1 });
  });
});

describe('a reply', () => {
  it('is said instead of carrying the action out, unless a fault ends the request', async () => {
    const arrived = fake.log.arrival('SendMessageBatch');
    fake.on('SendMessageBatch', ({ number }) => ({ json: { Successful: [{ Id: '0', MessageId: `m${number}` }] } }));
    expect(await send('one')).toMatchObject([{ ok: true, id: 'm1' }]);
    expect((await arrived).headers).toMatchObject({ 'x-amz-target': 'AmazonSQS.SendMessageBatch' });
    fake.faults = first(1, { kind: 'error', error: 'InternalError' });
    await expect(send('two')).rejects.toMatchObject({ code: 'InternalError' });
    expect(await send('three')).toMatchObject([{ ok: true, id: 'm3' }]);
    fake.on('SendMessageBatch', { error: 'Odd', status: 403, query: 'AccessDenied;Sender' });
    await expect(send('four')).rejects.toMatchObject({ code: 'AccessDenied' });
    expect(storedBodies()).toEqual([]);
    expect(fake.log.count('SendMessageBatch').outcomes).toEqual({ ok: 2, InternalError: 1, Odd: 1 });
  });
});

describe('a delay', () => {
  it.each(['before', 'after'] as const)('delays a request by the fake clock %s the message is stored', async (when) => {
    fake.faults = always({ kind: 'delay', ms: 60_000, when });
    const arrived = fake.log.arrival(({ action }) => action === 'SendMessageBatch');
    const sent = send('one');
    await arrived;
    await clock.advance(59_999);
    expect(storedBodies()).toEqual(when === 'before' ? [] : ['one']);
    expect(fake.log.open.size).toBe(1);
    await clock.advance(1);
    expect(await sent).toMatchObject([{ ok: true }]);
    expect(storedBodies()).toEqual(['one']);
  });

  it('stores a delayed message after its client has given up', async () => {
    fake.faults = always({ kind: 'delay', ms: 60_000 });
    await expect(send('late')).rejects.toMatchObject({ code: 'NoAnswer' });
    expect(storedBodies()).toEqual([]);
    await clock.advance(60_000);
    expect(storedBodies()).toEqual(['late']);
  });
});

describe('a fault of entries', () => {
  it.each([
    ['before', ['b', 'c']],
    ['after', ['a', 'b', 'c']],
  ] as const)('fails the named entries %s the entries are stored', async (when, stored) => {
    fake.faults = always({
      kind: 'fail-entries',
      entries: new Map([[0, { Code: 'InternalError', SenderFault: false }]]),
      when,
    });
    expect(await send('a', 'b', 'c')).toMatchObject([
      { ok: false, error: { kind: 'service' } },
      { ok: true },
      { ok: true },
    ]);
    expect(storedBodies()).toEqual(stored);
  });

  it.each([
    ['before', ['a']],
    ['after', ['a', 'b']],
  ] as const)('omits the named entries from the answer %s the entries are stored', async (when, stored) => {
    fake.faults = always({ kind: 'omit-entries', entries: ['1'], when });
    expect(await send('a', 'b')).toMatchObject([{ ok: true }, { ok: false, error: { code: 'NoAnswerForEntry' } }]);
    expect(storedBodies()).toEqual(stored);
  });

  it('adds an entry that no client sent to the answer', async () => {
    fake.faults = always({ kind: 'unknown-entry' });
    expect(await send('a')).toMatchObject([{ ok: true }]);
    fake.faults = always({ kind: 'unknown-entry', entry: { Id: '0', Code: 'X' }, list: 'Failed' });
    expect(await send('b')).toMatchObject([{ ok: expect.any(Boolean) }]);
    expect(storedBodies()).toEqual(['a', 'b']);
  });
});

describe('a fault of messages', () => {
  it.each(['body', 'md5', 'attributes-md5'] as const)('corrupts every second message by its %s', async (what) => {
    await queue.send(['a', 'b', 'c', 'd'].map((body) => ({ body, attributes: { name: body } })));
    fake.faults = always({ kind: 'corrupt', what, oneIn: 2 });
    const messages = await receiveNow(queue);
    expect(messages.map(({ defect }) => defect?.reason)).toEqual([
      undefined,
      'md5-mismatch',
      undefined,
      'md5-mismatch',
    ]);
    expect(fake.messages('q').map(({ body }) => body)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('delivers every second message again at once', async () => {
    await send('a', 'b', 'c', 'd');
    fake.faults = always({ kind: 'duplicate', oneIn: 2 });
    expect(await receiveNow(queue)).toHaveLength(4);
    fake.faults = undefined;
    expect(await receiveNow(queue)).toMatchObject([
      { body: 'b', receiveCount: 2 },
      { body: 'd', receiveCount: 2 },
    ]);
  });

  it.each([
    ['reserves', 'a client that has left', [], 'in-flight', { kind: 'strand' }],
    ['keeps', 'the next receiver', ['x'], 'visible', undefined],
  ] as const)('%s a late message of a long poll for %s', async (_, __, received, state, fault) => {
    fake.faults = () => fault;
    const leave = new AbortController();
    const arrived = fake.log.arrival(({ action }) => action === 'ReceiveMessage');
    const poll = queue.receive({ max: 1, waitSeconds: 20, visibilityTimeoutSeconds: 30, signal: leave.signal });
    const request = await arrived;
    leave.abort();
    await expect(poll).rejects.toMatchObject({ code: expect.any(String) });
    while (fake.log.open.has(request)) await new Promise((resolve) => setImmediate(resolve));
    expect(request.outcome).toBe('left');
    fake.send('q', { body: 'x', attributes: {} });
    expect(fake.messages('q')).toMatchObject([{ state, receiveCount: state === 'visible' ? 0 : 1 }]);
    expect((await receiveNow(queue)).map(({ body }) => body)).toEqual(received);
  });
});

describe('a schedule of faults', () => {
  const fault: Fault = { kind: 'error', error: 'InternalError' };
  const struck = async (times: number): Promise<boolean[]> => {
    const outcomes: boolean[] = [];
    for (let at = 0; at < times; at++) {
      outcomes.push(
        await send('x').then(
          () => false,
          () => true,
        ),
      );
      await clock.advance(100);
    }
    return outcomes;
  };

  it('strikes the first requests, every n-th request or the requests of a time span', async () => {
    fake.faults = first(2, fault);
    expect(await struck(3)).toEqual([true, true, false]);
    fake.faults = every(2, fault);
    expect(await struck(4)).toEqual([false, true, false, true]);
    fake.faults = between(clock.now() + 100, clock.now() + 300, fault);
    expect(await struck(4)).toEqual([false, true, true, false]);
    fake.faults = firstOf(first(1, fault), every(3, fault));
    expect(await struck(3)).toEqual([true, false, true]);
  });

  it('strikes the same random requests for the same seed', () => {
    const request = { action: 'SendMessage', body: {}, headers: {}, number: 1, at: 0, accessKey: '', signedAt: 0 };
    const run = (seed: number): boolean[] => {
      const script = withProbability(0.3, seededRandom(seed), fault);
      return Array.from({ length: 1000 }, () => script(request) !== undefined);
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    const share = run(1).filter(Boolean).length / 1000;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.35);
  });

  it('throttles requests above a rate limit', async () => {
    fake.faults = rateCap(2);
    expect(await struck(12)).toEqual([false, false, ...Array(8).fill(true), false, false]);
    expect(fake.log.count('SendMessageBatch').outcomes).toEqual({ ok: 4, RequestThrottled: 8 });
  });

  it('refuses requests with expired keys', async () => {
    let valid = fake.credentials.accessKeyId;
    fake.faults = onlyKey(() => valid);
    expect(await send('a')).toMatchObject([{ ok: true }]);
    valid = 'the next one';
    await expect(send('b')).rejects.toMatchObject({ kind: 'credentials' });
    expect(fake.log.count('SendMessageBatch').outcomes).toMatchObject({ ok: 1, ExpiredToken: expect.any(Number) });
  });
});
