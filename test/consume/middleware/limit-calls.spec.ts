import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../../lib/consume/delivery.js';
import { limitCalls } from '../../../lib/consume/middleware/limit-calls.js';
import { AbortSource } from '../../../lib/queue/abort-source.js';
import { turns } from '../harness.js';

/** Runs calls that last until their `end` is called, each in a body of its own. */
class CallsBench {
  readonly ends: (() => void)[] = [];
  private readonly run;

  constructor(concurrency: number) {
    this.run = limitCalls(concurrency)(() => new Promise((resolve) => this.ends.push(resolve)));
  }

  start(aborts = new AbortSource()): Promise<void> {
    return this.run({ method: 'run', args: {} }, { aborts } as Delivery, 0);
  }
}

describe('limitCalls', () => {
  it('lets no more calls run than its limit, over all bodies', async () => {
    const bench = new CallsBench(2);
    const runs = [bench.start(), bench.start(), bench.start()];
    await turns();
    expect(bench.ends).toHaveLength(2);
    bench.ends[0]!();
    await turns();
    expect(bench.ends).toHaveLength(3);
    for (const end of bench.ends) end();
    await Promise.all(runs);
  });

  it('frees the slot of an aborted call once, although its handler goes on', async () => {
    const bench = new CallsBench(1);
    const aborts = new AbortSource();
    const aborted = bench.start(aborts);
    const next = [bench.start(), bench.start()];
    await turns();
    expect(bench.ends).toHaveLength(1);
    aborts.abort(new Error('aborted'));
    await turns();
    expect(bench.ends).toHaveLength(2);
    bench.ends[0]!();
    await aborted;
    await turns();
    expect(bench.ends).toHaveLength(2);
    bench.ends[1]!();
    await turns();
    bench.ends[2]!();
    await Promise.all(next);
  });

  it('never runs a call that was aborted while it waited', async () => {
    const bench = new CallsBench(1);
    const running = bench.start();
    await turns();
    const aborts = new AbortSource();
    const waiting = bench.start(aborts);
    aborts.abort(new Error('given up'));
    await expect(waiting).rejects.toThrow('given up');
    bench.ends[0]!();
    await running;
    expect(bench.ends).toHaveLength(1);
  });
});
