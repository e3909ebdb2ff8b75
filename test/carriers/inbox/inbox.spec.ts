import { describe, expect, it } from '@jest/globals';
import type { Arrival, ArrivalEnd } from '#lib/carriers/inbox/arrival.js';
import { Inbox } from '#lib/carriers/inbox/inbox.js';
import type { InboxLimitOptions } from '#lib/carriers/inbox/inbox-options.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { watch } from '../../queue/harness.js';

/** An inbox on a virtual clock, whose owner records what it is asked. */
class Bench {
  readonly clock = new VirtualClock();
  readonly asked: string[] = [];
  readonly ends: (readonly [text: string, end: ArrivalEnd])[] = [];
  readonly inbox: Inbox;

  constructor(limits: InboxLimitOptions = {}) {
    const owner = {
      stop: async () => void this.asked.push('stop'),
      close: async () => void this.asked.push('close'),
    };
    this.inbox = new Inbox({ name: 'inbox', clock: this.clock, messageBytes: 100, ...limits }, owner);
  }

  push(text: string, more: Partial<Arrival> = {}): void {
    this.inbox.push({ body: Buffer.from(text), ended: (end) => void this.ends.push([text, end]), ...more });
  }

  take(max = 10): Promise<readonly ReceivedMessage[]> {
    return this.inbox.receive({ max, waitSeconds: 0, visibilityTimeoutSeconds: 0 });
  }

  async takeOne(): Promise<ReceivedMessage> {
    const [message] = await this.take(1);
    expect(message).toBeDefined();
    return message!;
  }

  async release(message: ReceivedMessage, seconds: number, cause: 'failed' | 'not-started' = 'failed'): Promise<void> {
    expect(await this.inbox.release([{ message, seconds, cause }])).toEqual([{ ok: true }]);
  }
}

function textsOf(messages: readonly ReceivedMessage[]): string[] {
  return messages.map(({ body }) => Buffer.from(body as Uint8Array).toString());
}

describe('Inbox', () => {
  it('hands out messages in the order of their arrival and reports how each of them ended', async () => {
    const bench = new Bench();
    for (const text of ['a', 'b', 'c']) bench.push(text);
    const received = await bench.take();
    expect(textsOf(received)).toEqual(['a', 'b', 'c']);
    const [a, b, c] = received as [ReceivedMessage, ReceivedMessage, ReceivedMessage];
    await bench.inbox.acknowledge([b, a]);
    await bench.inbox.discard([{ message: c, reason: 'unknown-method' }]);
    await bench.inbox.acknowledge([a, c]);
    expect(bench.ends).toEqual([
      ['b', { type: 'handled' }],
      ['a', { type: 'handled' }],
      ['c', { type: 'discarded', reason: 'unknown-method' }],
    ]);
  });

  it('returns a failed message after its delay with a higher receive count', async () => {
    const bench = new Bench();
    bench.push('again');
    await bench.release(await bench.takeOne(), 3);
    await bench.clock.advance(2_999);
    expect(await bench.take()).toEqual([]);
    await bench.clock.advance(1);
    expect(await bench.takeOne()).toMatchObject({ receiveCount: 2 });
  });

  it('wakes an open receive when the delay of a failed message is over', async () => {
    const bench = new Bench();
    bench.push('again');
    await bench.release(await bench.takeOne(), 3);
    const receive = watch(bench.inbox.receive({ max: 1, waitSeconds: 20, visibilityTimeoutSeconds: 0 }));
    await bench.clock.advance(2_999);
    expect(receive.state).toBe('pending');
    await bench.clock.advance(1);
    expect(receive.state).toBe('resolved');
  });

  it('keeps a message that no handler saw at the head, and does not count its delivery', async () => {
    const bench = new Bench();
    for (const text of ['first', 'second']) bench.push(text);
    await bench.release(await bench.takeOne(), 0, 'not-started');
    const received = await bench.take();
    expect(textsOf(received)).toEqual(['first', 'second']);
    expect(received.map(({ receiveCount }) => receiveCount)).toEqual([1, 1]);
  });

  it('refuses to release a message that is not in hand, so that it is not handled twice', async () => {
    const bench = new Bench();
    bench.push('once');
    const message = await bench.takeOne();
    await bench.release(message, 0);
    const [again] = await bench.inbox.release([{ message, seconds: 0, cause: 'failed' }]);
    expect(again).toMatchObject({ ok: false, error: { kind: 'lease-lost', code: 'NotInHand' } });
    await bench.inbox.acknowledge([message]);
    await bench.clock.advance(0);
    expect(textsOf(await bench.take())).toEqual(['once']);
  });

  it('ends a message at its release if its sender waits for an answer', async () => {
    const bench = new Bench();
    bench.push('asked', { onRelease: 'give-back' });
    await bench.release(await bench.takeOne(), 5);
    expect(bench.ends).toEqual([['asked', { type: 'given-back', seconds: 5, cause: 'failed' }]]);
    expect(bench.inbox.size).toBe(0);
  });

  it('is full at each of its limits, and lets callers push in order while there is room', async () => {
    for (const limits of [{ maxMessages: 2 }, { maxBytes: 4 }]) {
      const bench = new Bench(limits);
      bench.push('aa');
      expect(bench.inbox.isFull).toBe(false);
      bench.push('bb');
      expect(bench.inbox.isFull).toBe(true);
      const called: number[] = [];
      bench.inbox.whenRoom(() => {
        called.push(1);
        bench.push('cc');
      });
      const cancel = bench.inbox.whenRoom(() => called.push(2));
      bench.inbox.whenRoom(() => called.push(3));
      await bench.inbox.acknowledge([await bench.takeOne()]);
      expect(called).toEqual([1]);
      cancel();
      await bench.inbox.acknowledge([await bench.takeOne()]);
      expect(called).toEqual([1, 3]);
    }
  });

  it('hands a message to the poison policy once it has failed for maxRetrySeconds', async () => {
    const bench = new Bench({ maxRetrySeconds: 10 });
    bench.push('old');
    await bench.clock.advance(60_000);
    await bench.release(await bench.takeOne(), 6);
    await bench.clock.advance(6_000);
    const second = await bench.takeOne();
    expect(second.defect).toBeUndefined();
    await bench.release(second, 900);
    await bench.clock.advance(3_999);
    expect(await bench.take()).toEqual([]);
    await bench.clock.advance(1);
    expect(await bench.takeOne()).toMatchObject({ receiveCount: 3, defect: { reason: 'expired' } });
  });

  it('gives up a message that the poison policy could not act on for as long again', async () => {
    const bench = new Bench({ maxRetrySeconds: 10 });
    bench.push('stuck');
    await bench.release(await bench.takeOne(), 900);
    await bench.clock.advance(10_000);
    await bench.release(await bench.takeOne(), 900);
    await bench.clock.advance(10_000);
    const last = await bench.takeOne();
    expect(last).toMatchObject({ receiveCount: 3, defect: { reason: 'expired' } });
    await bench.release(last, 900);
    expect(bench.ends).toEqual([['stuck', { type: 'given-up' }]]);
    expect([bench.inbox.size, bench.clock.pending]).toEqual([0, 0]);
  });

  it('drains once every message is settled, those that wait for a retry included', async () => {
    const bench = new Bench();
    for (const text of ['ready', 'retried']) bench.push(text);
    const [ready, retried] = (await bench.take()) as [ReceivedMessage, ReceivedMessage];
    const drain = watch(bench.inbox.drain());
    void bench.inbox.drain();
    await bench.inbox.acknowledge([ready]);
    await bench.release(retried, 2);
    await bench.clock.advance(2_000);
    const again = await bench.takeOne();
    expect([drain.state, bench.asked]).toEqual(['pending', ['stop']]);
    await bench.inbox.acknowledge([again]);
    await bench.clock.advance(0);
    expect(drain.state).toBe('resolved');
  });

  it('reports every message that is left at its close, whatever its state', async () => {
    const bench = new Bench();
    for (const text of ['retry', 'in hand', 'waiting']) bench.push(text);
    const [retry] = await bench.take(2);
    await bench.release(retry!, 60);
    await Promise.all([bench.inbox.close(), bench.inbox.close()]);
    expect(bench.ends).toEqual(['retry', 'in hand', 'waiting'].map((text) => [text, { type: 'left' }]));
    expect([bench.asked, bench.clock.pending, bench.inbox.isFull]).toEqual([['close'], 0, true]);
    expect(() => bench.push('late')).toThrow('QueueClosed');
  });

  it('hands out the rest with the messages in hand, so that the poison policy can save them', async () => {
    const bench = new Bench();
    for (const text of ['retry', 'in hand', 'waiting']) bench.push(text);
    const [retry] = await bench.take(2);
    await bench.release(retry!, 60);
    const rest = bench.inbox.takeRest();
    expect(textsOf(rest)).toEqual(['retry', 'in hand', 'waiting']);
    await bench.inbox.discard(rest.map((message) => ({ message, reason: 'worker-stopped' })));
    await bench.inbox.close();
    expect(bench.ends.map(([, { type }]) => type)).toEqual(Array(3).fill('discarded'));
  });

  it('gives the rest back whose senders wait for an answer', async () => {
    const bench = new Bench();
    bench.push('stored');
    bench.push('awaited', { onRelease: 'give-back' });
    expect(textsOf(bench.inbox.takeRest())).toEqual(['stored']);
    expect(bench.ends).toEqual([['awaited', { type: 'given-back', seconds: 0, cause: 'not-started' }]]);
  });

  it('hands out attributes and group id as they arrived, if the carrier has attributes', async () => {
    const bench = new Bench();
    bench.push('plain');
    bench.push('beside', { attributes: { tenant: 'acme' }, groupId: 'g' });
    const [plain, beside] = await bench.take();
    expect([plain!.attributes, Object.hasOwn(plain!, 'groupId')]).toEqual([{}, false]);
    expect([beside!.attributes, beside!.groupId]).toEqual([{ tenant: 'acme' }, 'g']);
    expect(bench.inbox.features.attributes).toBe(false);
    const options = { name: 'http', clock: bench.clock, messageBytes: 100, attributes: 10 };
    const owner = { stop: () => Promise.resolve(), close: () => Promise.resolve() };
    expect(new Inbox(options, owner).features.attributes).toBe(true);
  });

  it.each([
    ['maxMessages', 0],
    ['maxBytes', 0.5],
    ['maxRetrySeconds', 86_401],
  ])('refuses the option %s with the value %d', (name, value) => {
    expect(() => new Bench({ [name]: value })).toThrow(new RegExp(`${name} must be`));
  });
});
