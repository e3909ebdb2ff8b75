import { describe, expect, it } from '@jest/globals';
import { carry } from '../../../bench/flow/carry.js';
import { Latencies } from '../../../bench/flow/latencies.js';
import type { EmitTask } from '../../../bench/flow/serve-producer.js';
import type { Child } from '../../../bench/kit/child.js';

/** Emits into arrays of this process, and keeps the rules of `serveProducer`. */
class FakeFlow {
  emitted = 0;
  handled = 0;
  largestBacklog = 0;
  private readonly waiting: ((events: number) => void)[] = [];
  private unreported = 0;

  producer(): Child {
    let sent = 0;
    let task: EmitTask;
    let finish: (value: unknown) => void;
    const more = (allowed: number): void => {
      for (; sent < Math.min(task.events, allowed); sent += 1) this.emit();
      if (sent === task.events) finish({ startedAt: 0, rss: 1e6 });
    };
    return child((name, argument) => {
      if (name === 'allow') return more(argument as number);
      task = argument as EmitTask;
      return new Promise((resolve) => {
        finish = resolve;
        more(task.allowed);
      });
    });
  }

  consumer(): Child {
    const latencies = new Latencies();
    latencies.add(1000);
    return child((name) => {
      if (name === 'progress') return new Promise<number>((resolve) => (this.waiting.push(resolve), this.handle()));
      for (const resolve of this.waiting.splice(0)) resolve(0);
      return name === 'read' ? { latencies: latencies.read(), lastAt: 2e6, rss: 3e6 } : undefined;
    });
  }

  private emit(): void {
    this.emitted += 1;
    this.unreported += 1;
    this.largestBacklog = Math.max(this.largestBacklog, this.emitted - this.handled);
    queueMicrotask(() => this.handle());
  }

  private handle(): void {
    if (this.unreported === 0) return;
    const report = this.waiting.shift();
    if (report === undefined) return;
    this.handled += this.unreported;
    report(this.unreported);
    this.unreported = 0;
  }
}

function child(obey: (name: string, argument: unknown) => unknown): Child {
  let cpu = 0;
  return {
    pid: 0,
    ask: <Value>(name: string, argument?: unknown) => Promise.resolve(obey(name, argument)) as Promise<Value>,
    cpu: () => Promise.resolve((cpu += 5000)),
    ended: new Promise<never>(() => undefined),
    stop: () => Promise.resolve(),
  };
}

const few = (flow: FakeFlow, count: number, make: 'producer' | 'consumer'): Child[] =>
  Array.from({ length: count }, () => flow[make]());

describe('carry', () => {
  it.each([
    { producers: 1, consumers: 1, events: 1000, backlog: 1 },
    { producers: 3, consumers: 2, events: 1000, backlog: 7 },
    { producers: 4, consumers: 4, events: 1001, backlog: 5000 },
  ])('emits every event once, and never exceeds the backlog: %j', async ({ producers, consumers, events, backlog }) => {
    const flow = new FakeFlow();
    const [senders, receivers] = [few(flow, producers, 'producer'), few(flow, consumers, 'consumer')];
    const carried = await carry(senders, receivers, { events, backlog, window: 10, pauseMs: 0 });
    expect([flow.emitted, flow.handled]).toEqual([events, events]);
    // Each producer rounds its part up.
    expect(flow.largestBacklog).toBeLessThanOrEqual(backlog + producers);
    expect(carried.eventsPerSecond).toBe(events / 2);
    expect(carried.producerCpu).toBe((5000 * producers) / events);
    expect([carried.p50, carried.producerRss, carried.consumerRss]).toEqual([expect.closeTo(1, 1), 1, 3]);
  });

  it('fails when a process fails', async () => {
    const flow = new FakeFlow();
    const broken = child((name) => (name === 'progress' ? Promise.reject(new Error('it ended with 1')) : undefined));
    const carrying = carry(few(flow, 1, 'producer'), [broken], { events: 10, backlog: 5, window: 1, pauseMs: 0 });
    await expect(carrying).rejects.toThrow('it ended with 1');
  });
});
