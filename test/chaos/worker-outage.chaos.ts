import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerSqsThriftOptions } from 'nestjs-sqs-thrift';
import { type FaultProxy, startFaultProxy } from '../fakes/proxy/fault-proxy.js';
import { ServiceRig, texts } from './rig.js';
import { TextWorker } from './worker.js';

let rig: ServiceRig;
let proxy: FaultProxy;
const running: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await ServiceRig.start();
  proxy = await startFaultProxy({ target: rig.service.endpoint });
});
afterEach(async () => {
  for (const worker of running.splice(0)) await worker.close();
  await proxy.stop();
  await rig.stop();
});

async function start(
  options: Partial<ServerSqsThriftOptions>,
  handle?: (text: string) => unknown,
): Promise<TextWorker> {
  const worker = await TextWorker.start(rig, options, handle);
  running.push(worker);
  return worker;
}

describe('a worker that is cut off for 30 s', () => {
  it('F12: a cut-off worker polls at most 30 times in 30 s and resumes within 5 s', async () => {
    const worker = await start({ endpoint: proxy.endpoint });
    const failures: number[] = [];
    worker.server.on('poll-failed', (event) => void failures.push(event.failures));
    await rig.emit(rig.client(), ['before']);
    await worker.until(({ settled }) => settled.length === 1);
    await proxy.set({ kind: 'down' });
    const rss = process.memoryUsage.rss();
    await wait(30_000);
    const asked = failures.length;
    const grown = (process.memoryUsage.rss() - rss) / 2 ** 20;
    await rig.emit(rig.client(), ['after']);
    await proxy.set({ kind: 'up' });
    const from = performance.now();
    await worker.until(({ handled }) => handled.includes('after'));
    console.log(JSON.stringify({ asked, grown, resumedMs: performance.now() - from }));
    expect(performance.now() - from).toBeLessThan(5_500);
    expect(asked).toBeLessThanOrEqual(30);
    expect(asked).toBeGreaterThan(3);
    expect(grown).toBeLessThan(20);
    expect(worker.statuses).toEqual(['up', 'down', 'up']);
  });
});

describe('a worker in a black hole', () => {
  it('F13: gives a receive up 5 s after its wait time when the network drops all bytes', async () => {
    const worker = await start({ endpoint: proxy.endpoint, waitTimeSeconds: 1 });
    await worker.until(({ statuses }) => statuses.includes('up'));
    const failed = new Promise<void>((resolve) => worker.server.on('poll-failed', () => resolve()));
    const from = performance.now();
    await proxy.set({ kind: 'blackHole' });
    await failed;
    expect(performance.now() - from).toBeLessThan(6_500);
    await proxy.set({ kind: 'up' });
    await rig.emit(rig.client(), ['after']);
    await worker.until(({ handled }) => handled.includes('after'));
  });
});

describe('a worker on a slow network', () => {
  it.each([
    ['2 s each way', 50, { kind: 'latency', ms: 1_000, jitterMs: 1_000 }],
    ['10 KB/s', 50, { kind: 'bandwidth', bytesPerSecond: 10_000 }],
    // Each byte takes a write of its own, so a busy machine needs seconds for more.
    ['slices of one byte', 20, { kind: 'slice', bytes: 1 }],
  ] as const)(
    'F14: %s: handles each of %d messages once within its lease over a slow network',
    async (_, count, mode) => {
      await rig.emit(rig.client(), texts(count, 100));
      const worker = await start({ endpoint: proxy.endpoint });
      await proxy.set(mode);
      await worker.until(({ settled }) => settled.length === count);
      expect(new Set(worker.handled).size).toBe(count);
      expect(worker.settled.map(({ outcome, receiveCount }) => [outcome, receiveCount])).toEqual(
        Array.from({ length: count }, () => ['ack', 1]),
      );
      await proxy.set({ kind: 'up' });
    },
  );
});
