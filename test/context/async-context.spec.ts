import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import type { PublishOptions } from '#lib/publish/publish-options.js';
import type { Queue } from '#lib/queue/queue.js';
import { Asks, Bench as WorkerBench, body, failure as workerFailure, takes } from '../consume/harness.js';
import { Bench as ClientBench, failure } from '../publish/harness.js';

const context = new AsyncLocalStorage<string>();

const VERBS = ['send', 'receive', 'acknowledge', 'discard', 'release', 'extend'] as const;

/** Notes the context of each call of a verb, as `send: a`. */
function spy(queue: Queue): Set<string> {
  const seen = new Set<string>();
  for (const verb of VERBS) {
    const original = queue[verb].bind(queue) as (argument: never) => Promise<never>;
    Object.assign(queue, {
      [verb]: (argument: never) => {
        seen.add(`${verb}: ${context.getStore() ?? 'none'}`);
        return original(argument);
      },
    });
  }
  return seen;
}

describe('the requests of a client', () => {
  it.each<[string, PublishOptions, failures: number]>([
    ['a request of one turn', {}, 0],
    ['a request that lingers', { lingerMs: 100 }, 0],
    ['a request of shared bodies', { pack: true }, 0],
    ['requests of an outage', { retryBaseMs: 100 }, 5],
    ['requests one after another', { maxInFlight: 1 }, 0],
  ])('run in the context of no emit, and each emit goes on in its own: %s', async (_, options, failures) => {
    const bench = new ClientBench(options);
    const requests = spy(bench.queue);
    bench.queue.fail('send', failures);
    const own: [string, string | undefined][] = [];
    const emit = (caller: string): void => {
      context.run(caller, () => {
        const stored = bench.publisher.publish({ method: 'text', args: { text: caller } });
        void stored.then(() => own.push([caller, context.getStore()]));
      });
    };
    for (let i = 0; i < 25; i += 1) emit(`first ${i}`);
    await bench.clock.advance(50);
    for (let i = 0; i < 25; i += 1) emit(`second ${i}`);
    await bench.clock.advance(20_000);
    expect(requests).toEqual(new Set(['send: none']));
    expect(own).toHaveLength(50);
    for (const [caller, seen] of own) expect(seen).toBe(caller);
  });

  it('retry single entries in the context of no emit', async () => {
    const bench = new ClientBench({ retryBaseMs: 100 });
    const requests = spy(bench.queue);
    bench.queue.fail('send', ({ number, entries }) => (number <= 3 ? Array(entries).fill(failure()) : undefined));
    for (const caller of ['a', 'b']) context.run(caller, () => bench.emit(caller));
    await bench.clock.advance(20_000);
    expect([requests, bench.states]).toEqual([new Set(['send: none']), ['stored', 'stored']]);
  });

  it('open the queue in the context of no emit', async () => {
    const bench = new ClientBench();
    const opened: unknown[] = [];
    const { parts } = bench.publisher as unknown as { parts: { open: () => Promise<Queue> } };
    parts.open = async () => {
      opened.push(context.getStore());
      if (opened.length === 1) throw failure('network');
      return bench.queue;
    };
    context.run('a', () => bench.emit());
    await bench.clock.advance(5_000);
    expect([opened, bench.states]).toEqual([[undefined, undefined], ['stored']]);
  });

  it.each<[string, PublishOptions]>([
    ['alone', {}],
    ['in shared bodies', { pack: true }],
  ])('report each call in the context of its emit: %s', async (_, options) => {
    const bench = new ClientBench(options);
    const reported: unknown[] = [];
    bench.events.push = (...events) => {
      reported.push(...events.map(({ type }) => `${type} ${context.getStore() ?? 'none'}`));
      return 0;
    };
    for (const caller of ['a', 'b', 'c']) context.run(caller, () => bench.emit(caller));
    await bench.clock.advance(0);
    expect(reported).toEqual(['stored a', 'stored b', 'stored c']);
  });
});

describe('the requests of a worker', () => {
  it('run in the context of no handler, and of nobody who started or stopped the worker', async () => {
    const bench = new WorkerBench(
      async (n, delivery, clock) => {
        const before = context.getStore();
        context.enterWith(`handler ${n}`);
        if (n === 3) await delivery.lease.extend(10);
        await takes(n === 5 ? 40_000 : 100)(n, delivery, clock);
        if (n === 1) throw new Asks({ type: 'retry', delaySeconds: 1 });
        if (n === 2) throw new Asks({ type: 'reject', detail: 'by script' });
        handled.push(before);
      },
      { concurrency: 20, visibilityTimeoutSeconds: 10 },
    );
    const handled: unknown[] = [];
    const requests = spy(bench.queue);
    await context.run('sender', () => bench.queue.send([1, 2, 3, 4, 5].map((n) => ({ body: body(n) }))));
    requests.clear();
    context.run('starter', () => bench.consumer.start());
    await bench.clock.advance(60_000);
    const stopped = context.run('stopper', () => bench.consumer.stop());
    await bench.clock.advance(60_000);
    await stopped;
    // A handler extends its own lease in its own context.
    expect(requests).toEqual(
      new Set(['receive: none', 'acknowledge: none', 'release: none', 'extend: handler 3', 'extend: none']),
    );
    expect(handled.length).toBeGreaterThan(2);
    expect(new Set(handled)).toEqual(new Set([undefined]));
  });

  it('resend the failed calls of a body, and discard, in the context of no handler', async () => {
    const bench = new WorkerBench(
      (n) => {
        context.enterWith(`handler ${n}`);
        if (n === 1) throw new Error('by script');
      },
      { poisonPolicy: { type: 'drop' }, retry: { maxReceives: 2, baseSeconds: 0 } },
    );
    const requests = spy(bench.queue);
    await bench.queue.send([{ body: body(1, 2) }]);
    requests.clear();
    await bench.start(10_000);
    expect(requests).toEqual(
      new Set(['receive: none', 'send: none', 'acknowledge: none', 'release: none', 'discard: none']),
    );
    await bench.clock.advance(0);
  });

  it('keep the context of no caller through failures', async () => {
    const bench = new WorkerBench(takes(10));
    const requests = spy(bench.queue);
    await bench.send([1]);
    requests.clear();
    bench.queue.fail('receive', ({ number }) => (number < 5 ? workerFailure('network') : undefined));
    bench.queue.fail('acknowledge', 3);
    context.run('starter', () => bench.consumer.start());
    await bench.clock.advance(60_000);
    expect(requests).toEqual(new Set(['receive: none', 'acknowledge: none']));
    expect(bench.outcomes).toEqual(['ack']);
  });
});
