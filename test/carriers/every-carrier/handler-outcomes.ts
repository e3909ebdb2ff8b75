import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BaseThriftClient } from 'nestjs-sqs-thrift';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import type { MessageReceiver } from 'nestjs-sqs-thrift/port';
import { lastValueFrom } from 'rxjs';
import { FAILURES } from '../../nest/failures.js';
import { type CarrierQueue, keepsMessages, type StartedCarrier, type TestCarrier } from './carrier.js';
import { SUCCESSES } from './outcomes-app.js';
import { LaterOutcomes, Outcomes } from './outcomes-contract.js';
import { clientOf, RunningApp } from './running-app.js';

const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));

const codec = createEventCodec([Outcomes]);

/** Deliveries of a call that fails once. */
const ONCE_AGAIN = [
  ['retry', 1],
  ['ack', 2],
];
const AT_ONCE = [['ack', 1]];

/** Numbers the rows of a table, for titles that name the row and calls that carry the number. */
function numbered(rows: readonly (readonly [string, unknown])[]): (readonly [string, number])[] {
  return rows.map(([name], kind) => [name, kind] as const);
}

/** Runs the checks of what becomes of a message, by what its handler does, as tests of Jest. */
export function handlerOutcomes(carriers: readonly TestCarrier[]): void {
  describe.each(carriers.map((carrier) => [carrier.name, carrier] as const))('over %s', (_, carrier) =>
    outcomesOver(carrier),
  );
}

function outcomesOver(carrier: TestCarrier): void {
  let started: StartedCarrier;
  let queue: CarrierQueue;
  let running: RunningApp;
  const closes: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    started = await carrier.start();
    queue = await started.open();
    running = await RunningApp.start(carrier, queue, {
      deadLetters: true,
      retry: { baseSeconds: 0, maxReceives: 3 },
    });
  });
  afterAll(async () => {
    await running?.close();
    await started?.stop();
  });
  afterEach(async () => {
    for (const close of closes.splice(0).reverse()) await close();
    expect(unhandled.splice(0)).toEqual([]);
  });

  it('states the features of the carrier', () => {
    expect(running.server.unwrap<MessageReceiver>().features).toEqual(carrier.features);
  });

  describe('a handler', () => {
    it.each(numbered(FAILURES))('gets its message again if it %s', async (_name, kind) => {
      expect(await running.outcomesOf('fail', { kind })).toEqual(ONCE_AGAIN);
    });

    it.each(numbered(SUCCESSES))('gets its message once if it %s', async (_name, kind) => {
      const from = running.journal.lines.length;
      expect(await running.outcomesOf('succeed', { kind })).toEqual(AT_ONCE);
      expect(running.journal.lines.slice(from)).toEqual([`succeed ${kind}`]);
    });

    it('keeps its message until its observable completes', async () => {
      const from = running.journal.lines.length;
      const ended = running.outcomesOf('complete');
      await running.journal.until(from + 1);
      expect(running.settled.at(-1)?.methods).not.toEqual(['complete']);
      running.journal.complete();
      expect(await ended).toEqual(AT_ONCE);
    });

    it('gets its message after the seconds that it asks for', async () => {
      const from = performance.now();
      expect(await running.outcomesOf('askForRetry')).toEqual(ONCE_AGAIN);
      expect(performance.now() - from).toBeGreaterThan(990);
    });

    it('runs again beside a handler of the same method that failed', async () => {
      const from = running.journal.lines.length;
      expect(await running.outcomesOf('both')).toEqual(ONCE_AGAIN);
      expect(running.journal.lines.slice(from)).toEqual(['first', 'second', 'first', 'second']);
    });
  });

  describe('the poison policy', () => {
    const later = (): BaseThriftClient => {
      const client = clientOf(carrier, queue, LaterOutcomes);
      closes.push(() => client.close());
      return client;
    };

    it('decides about a message that its handler rejects', async () => {
      const before = (await queue.deadLetters()).length;
      expect(await running.outcomesOf('refuse')).toEqual([['reject', 1]]);
      expect(running.settled.at(-1)).toMatchObject({ reason: 'handler-rejected', fate: 'dead-lettered' });
      const bodies = await queue.deadLetters();
      expect(bodies.slice(before).flatMap((body) => codec.decode(body))).toMatchObject([{ method: 'refuse' }]);
    });

    it('decides about a message that has failed as often as maxReceives says', async () => {
      expect(await running.outcomesOf('failAlways')).toEqual([
        ['retry', 1],
        ['retry', 2],
        ['reject', 3],
      ]);
      expect(running.settled.at(-1)).toMatchObject({ reason: 'too-many-receives', fate: 'dead-lettered' });
    });

    if (carrier.answersPoison) {
      it('has nothing to do for a call of an unknown method, which is refused', async () => {
        const client = later();
        const refused = expect.objectContaining({
          kind: 'invalid',
          message: expect.stringContaining('unknown-method'),
        });
        await expect(lastValueFrom(client.emit('added', {}))).rejects.toEqual(refused);
      });
    } else {
      it('decides about a call of a method that the worker does not know', async () => {
        const from = running.settled.length;
        await lastValueFrom(later().emit('added', {}));
        await running.untilSettled(from + 1);
        expect(running.settled.slice(from)).toMatchObject([{ reason: 'unknown-method', fate: 'dead-lettered' }]);
      });
    }
  });

  describe('an enhancer', () => {
    it.each(numbered(FAILURES.slice(0, 6)))('lets a failure through an interceptor: %s', async (_name, kind) => {
      expect(await running.outcomesOf('failBehindInterceptor', { kind })).toEqual(ONCE_AGAIN);
    });

    it('lets a failure through an interceptor and an asynchronous filter', async () => {
      expect(await running.outcomesOf('failBehindFilter')).toEqual(ONCE_AGAIN);
    });

    it.each([
      ['retries a call that a guard denies', 'denied', 'let in'],
      ['retries a call whose pipe fails', 'piped', 'TEXT'],
      ['retries a call whose request-scoped handler cannot be constructed', 'scoped', 'instance 2'],
    ])('%s', async (_title, method, line) => {
      const from = running.journal.lines.length;
      expect(await running.outcomesOf(method, method === 'piped' ? { text: 'text' } : {})).toEqual(ONCE_AGAIN);
      expect(running.journal.lines.slice(from)).toEqual([line]);
    });

    it('counts a failed call as handled if a filter returns an empty stream', async () => {
      expect(await running.outcomesOf('swallowed')).toEqual(AT_ONCE);
    });

    it('constructs request-scoped providers for each call', async () => {
      const from = running.journal.lines.length;
      for (let i = 0; i < 2; i += 1) await running.outcomesOf('scoped');
      expect(new Set(running.journal.lines.slice(from)).size).toBe(2);
    });
  });

  it('leaves nothing in the carrier once every message has ended', async () => {
    expect(await queue.left()).toBe(0);
  });

  describe('the close of an application', () => {
    /** Starts an application whose slow handlers wait for `release`. */
    async function holding(options: { concurrency?: number; drainTimeoutMs?: number } = {}) {
      const own = await started.open();
      const app = await RunningApp.start(carrier, own, { deadLetters: true, ...options });
      closes.push(() => app.close());
      let release = (): void => undefined;
      app.journal.hold = new Promise((resolve) => (release = resolve));
      return { app, own, journal: app.journal, release: () => release() };
    }

    it('waits for a handler, whose providers are destroyed after its end', async () => {
      const { app, own, journal, release } = await holding();
      await app.emit('slow', { number: 1 });
      await journal.until(1);
      const closed = app.close();
      release();
      await closed;
      expect(app.settled.map(({ outcome }) => outcome)).toEqual(['ack']);
      expect(journal.lines).toEqual(['begins 1', 'ends 1', 'destroyed']);
      expect(await own.left()).toBe(0);
    });

    it('loses no message of a handler that outlasts drainTimeoutMs', async () => {
      const { app, own, journal } = await holding({ drainTimeoutMs: 50 });
      await app.emit('slow', { number: 1 });
      await journal.until(1);
      await app.close();
      const kept = keepsMessages(carrier.features);
      expect([await own.left(), (await own.deadLetters()).length]).toEqual(kept ? [1, 0] : [0, 1]);
    });

    it('handles or keeps every message that was emitted before', async () => {
      const { app, own, journal, release } = await holding({ concurrency: 2 });
      const numbers = Array.from({ length: 20 }, (_each, number) => number);
      await Promise.all(numbers.map((number) => app.emit('slow', { number })));
      await journal.until(2);
      const closed = app.close();
      release();
      await closed;
      const ends = journal.lines.filter((line) => line.startsWith('ends'));
      expect(new Set(ends).size).toBe(ends.length);
      expect(ends.length + (await own.left())).toBe(20);
      if (!keepsMessages(carrier.features)) expect(ends).toHaveLength(20);
    });
  });
}
