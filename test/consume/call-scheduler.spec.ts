import { describe, expect, it } from '@jest/globals';
import { AsyncLocalStorage } from 'node:async_hooks';
import { CallScheduler } from '#lib/consume/call-scheduler.js';
import type { Delivery } from '#lib/consume/delivery.js';
import type { OnewayCall } from '#lib/event/contract.js';
import { CallsFailedError } from '#lib/consume/handler-errors.js';
import { AbortSource } from '#lib/queue/abort-source.js';
import { turns } from './harness.js';

const unwatched = { begin: () => undefined, end: () => undefined };

/** Runs calls that last until they are ended by name. A call is named by its body and position. */
class CallsBench {
  readonly begun: string[] = [];
  readonly read: string[] = [];
  private readonly ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  private readonly scheduler: CallScheduler;
  now = 0;

  constructor(concurrency: number, { ordered = false, run }: { ordered?: boolean; run?: () => Promise<void> } = {}) {
    const clock = { now: () => this.now };
    const queue = { features: { ordered, resend: true } };
    this.scheduler = new CallScheduler(
      { concurrency, queue, clock, slowCalls: unwatched, slots: { lend: () => undefined } },
      ({ method }) => {
        this.begun.push(method);
        return run?.() ?? new Promise((resolve, reject) => this.ends.set(method, { resolve, reject }));
      },
    );
  }

  handle(name: string, calls = 1, aborts = new AbortSource(), read?: () => OnewayCall[]): Promise<void> {
    const delivery = { message: { id: name }, aborts, calls: [] } as unknown as Delivery;
    return this.scheduler.handle(delivery, () => {
      this.read.push(name);
      return { calls: read?.() ?? Array.from({ length: calls }, (_, at) => ({ method: name + at, args: {} })) };
    });
  }

  async end(name: string, error?: Error): Promise<void> {
    await turns();
    const { resolve, reject } = this.ends.get(name)!;
    if (error) reject(error);
    else resolve();
    await turns();
  }
}

/** Waits for the failures of a body of which other calls succeeded. */
async function failureOf(body: Promise<void>): Promise<ReadonlyMap<number, unknown>> {
  const error: unknown = await body.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CallsFailedError);
  return (error as CallsFailedError).failures;
}

describe('CallScheduler', () => {
  it('lets no more calls run than its limit, over all bodies', async () => {
    const bench = new CallsBench(2);
    const bodies = ['a', 'b', 'c'].map((name) => bench.handle(name));
    await turns();
    expect(bench.begun).toEqual(['a0', 'b0']);
    await bench.end('a0');
    expect(bench.begun).toEqual(['a0', 'b0', 'c0']);
    await bench.end('b0');
    await bench.end('c0');
    await Promise.all(bodies);
  });

  it('lets other bodies begin after 10 ms of a large body, and alternate with it', async () => {
    const bench = new CallsBench(1);
    void bench.handle('large', 99);
    const others = [bench.handle('b', 2), bench.handle('c')];
    await turns();
    const ends = Object.entries({ large0: 9, large1: 10, b0: 12, large2: 13, b1: 14, large3: 15, c0: 16 });
    for (const [call, now] of ends) {
      bench.now = now;
      await bench.end(call);
    }
    await Promise.all(others);
    expect(bench.begun).toEqual(['large0', 'large1', 'b0', 'large2', 'b1', 'large3', 'c0', 'large4']);
  });

  it('finishes a body before the next one while its calls are fast, and reads the next one then', async () => {
    const bench = new CallsBench(2);
    const first = bench.handle('a', 3);
    void bench.handle('b', 1);
    await turns();
    expect(bench.read).toEqual(['a']);
    await bench.end('a0');
    expect(bench.begun).toEqual(['a0', 'a1', 'a2']);
    expect(bench.read).toEqual(['a']);
    await bench.end('a1');
    expect(bench.begun).toEqual(['a0', 'a1', 'a2', 'b0']);
    await bench.end('a2');
    await first;
  });

  it('lets the event loop take its turn between calls that never wait', async () => {
    const bench = new CallsBench(100, {
      run: () => {
        bench.now += 1;
        return Promise.resolve();
      },
    });
    const large = bench.handle('a', 1_000);
    const begun: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise(setImmediate);
      begun.push(bench.begun.length);
    }
    expect(begun[0]).toBeLessThanOrEqual(10);
    expect(begun[2]! - begun[1]!).toBeLessThanOrEqual(11);
    await large;
    expect(bench.begun).toHaveLength(1_000);
  });

  it('starts no handler in the async context that another handler has entered', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const bench = new CallsBench(2, {
      run: () => {
        seen.push(storage.getStore());
        storage.enterWith('of another handler');
        return Promise.resolve();
      },
    });
    await Promise.all([bench.handle('a', 20), bench.handle('b', 20)]);
    expect(seen).toEqual(Array.from({ length: 40 }, () => undefined));
  });

  it('gives the failures by position, in their order, and runs all other calls', async () => {
    const bench = new CallsBench(3);
    const failed = failureOf(bench.handle('a', 3));
    await bench.end('a2', new Error('two'));
    await bench.end('a0', new Error('zero'));
    await bench.end('a1');
    expect([...(await failed)]).toEqual([
      [0, new Error('zero')],
      [2, new Error('two')],
    ]);
  });

  it('gives the one failure of a body of one call, and all of a body whose calls all fail', async () => {
    const bench = new CallsBench(3);
    const bodies = [bench.handle('a'), bench.handle('b', 2)].map((body) => body.catch((error: unknown) => error));
    for (const name of ['a0', 'b0', 'b1']) await bench.end(name, new Error(name));
    expect(await Promise.all(bodies)).toEqual([new Error('a0'), new Error('2 handlers failed')]);
  });

  it('rejects a body that cannot be read, and goes on with the next one', async () => {
    const bench = new CallsBench(1);
    const broken = bench.handle('x', 1, new AbortSource(), () => {
      throw new Error('unreadable');
    });
    const next = bench.handle('a');
    await expect(broken).rejects.toThrow('unreadable');
    await bench.end('a0');
    await next;
  });

  it('ends a body whose error throws when somebody looks at it', async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const bench = new CallsBench(2);
    const body = bench.handle('a', 2).catch((error: unknown) => error);
    await bench.end('a0', proxy as Error);
    await bench.end('a1');
    expect(await body).toBeInstanceOf(TypeError);
  });

  it('runs the calls of a body one after another on an ordered queue, and none after a failure', async () => {
    const bench = new CallsBench(3, { ordered: true });
    const body = bench.handle('a', 3).catch((error: unknown) => error);
    const other = bench.handle('b', 1);
    await turns();
    expect(bench.begun).toEqual(['a0', 'b0']);
    await bench.end('a0');
    expect(bench.begun).toEqual(['a0', 'b0', 'a1']);
    await bench.end('a1', new Error('one'));
    await bench.end('b0');
    expect([await body, await other]).toEqual([new Error('one'), undefined]);
    expect(bench.begun).toEqual(['a0', 'b0', 'a1']);
  });
});

describe('an abort of a delivery', () => {
  const reason = new Error('given up');

  it('frees the slots of its calls once, although their handlers go on', async () => {
    const bench = new CallsBench(2);
    const aborts = new AbortSource();
    const aborted = bench.handle('a', 2, aborts);
    const next = ['b', 'c', 'd'].map((name) => bench.handle(name));
    await turns();
    aborts.abort(reason);
    await turns();
    expect(bench.begun).toEqual(['a0', 'a1', 'b0', 'c0']);
    await bench.end('a0');
    await bench.end('a1');
    expect(bench.begun).toEqual(['a0', 'a1', 'b0', 'c0']);
    await aborted;
    for (const name of ['b0', 'c0', 'd0']) await bench.end(name);
    await Promise.all(next);
  });

  it('fails the calls that have not started', async () => {
    const bench = new CallsBench(1);
    const aborts = new AbortSource();
    const failed = failureOf(bench.handle('a', 3, aborts));
    await turns();
    aborts.abort(reason);
    await bench.end('a0');
    expect(await failed).toEqual(new Map([1, 2].map((at) => [at, reason])));
    expect(bench.begun).toEqual(['a0']);
  });

  it('fails the rest of a body on an ordered queue, and frees its slot', async () => {
    const bench = new CallsBench(1, { ordered: true });
    const aborts = new AbortSource();
    const body = bench.handle('a', 3, aborts).catch((error: unknown) => error);
    const next = bench.handle('b');
    await turns();
    aborts.abort(reason);
    await turns();
    expect(bench.begun).toEqual(['a0', 'b0']);
    await bench.end('a0');
    expect(await body).toBe(reason);
    await bench.end('b0');
    await next;
  });

  it('rejects a body that waits for its first slice, or comes later', async () => {
    const bench = new CallsBench(1);
    const running = bench.handle('a');
    const aborts = new AbortSource();
    const waiting = bench.handle('b', 2, aborts);
    await turns();
    aborts.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(bench.handle('c', 1, aborts)).rejects.toBe(reason);
    await bench.end('a0');
    await running;
    expect(bench.read).toEqual(['a']);
  });
});
