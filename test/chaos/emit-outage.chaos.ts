import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FaultProxy, startFaultProxy } from '../fakes/proxy/fault-proxy.js';
import { ServiceRig, texts } from './rig.js';

let rig: ServiceRig;
let proxy: FaultProxy;
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await ServiceRig.start();
  proxy = await startFaultProxy({ target: rig.service.endpoint });
});
afterEach(async () => {
  await proxy.stop();
  await rig.stop();
});

interface Report {
  readonly accepted: number;
  readonly stored: number;
  readonly rejected: number;
  readonly bufferFull: number;
  readonly settledTwice: number;
  readonly unhandled: number;
  readonly slowest: number;
  readonly loopP99Ms: number;
  readonly rssGrowthMiB: number;
}

describe('SQS down for 60 s while 2 000 calls a second are emitted', () => {
  it('F34: settles each emit once and bounds memory while SQS is down for 60 s', async () => {
    const program = join('build', 'test', 'programs', 'outage-emitter.js');
    const env = { ...process.env, AWS_EC2_METADATA_DISABLED: 'true' };
    const child = spawn(process.execPath, [program, proxy.endpoint, '75'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('warm');
    await wait(2_000);
    const storedBefore = await rig.depth();
    await proxy.set({ kind: 'down' });
    await wait(60_000);
    await proxy.set({ kind: 'up' });
    const report = JSON.parse(String((await lines.next()).value)) as Report;
    expect(report.accepted).toBeGreaterThan(140_000);
    expect(report.accepted).toBe(report.stored + report.rejected);
    expect([report.settledTwice, report.unhandled]).toEqual([0, 0]);
    expect(report.bufferFull).toBeGreaterThan(50_000);
    // Each resolved emit is stored. A call with a lost answer may be stored although its emit
    // failed.
    const arrived = new Set((await rig.drain()).map(({ text }) => text)).size;
    console.log(JSON.stringify({ ...report, storedBefore, arrived }));
    expect(arrived).toBeGreaterThanOrEqual(report.stored);
    // The client goes on once SQS is back. How fast depends on the machine.
    expect(arrived - storedBefore).toBeGreaterThan(2_000);
    expect(report.loopP99Ms).toBeLessThan(20);
    expect(report.rssGrowthMiB).toBeLessThan(64 + 100);
  });
});

describe('an unanswered request with the default deadlines', () => {
  it('F13: fails an emit within 15 s when SQS never answers', async () => {
    const client = rig.client({ endpoint: proxy.endpoint });
    await client.connect();
    await proxy.set({ kind: 'blackHole' });
    const from = performance.now();
    const { failed } = await rig.emit(client, ['x']);
    expect(failed.get(0)).toMatchObject({ kind: 'network', code: 'NoAnswer' });
    expect(performance.now() - from).toBeLessThan(15_500);
  });
});

describe('a slow network', () => {
  it.each([
    ['2 s each way', 100, { kind: 'latency', ms: 1_000, jitterMs: 1_000 }],
    ['10 KB/s', 100, { kind: 'bandwidth', bytesPerSecond: 10_000 }],
    // Each byte takes a write of its own, so a busy machine needs seconds for more.
    ['slices of one byte', 20, { kind: 'slice', bytes: 1 }],
  ] as const)('F14: %s: stores each of %d calls once over a slow network', async (_, count, mode) => {
    const client = rig.client({ endpoint: proxy.endpoint });
    await client.connect();
    await proxy.set(mode);
    const wanted = texts(count, 100);
    const { stored } = await rig.emit(client, wanted);
    expect(stored.size).toBe(count);
    expect((await rig.drain()).map(({ text }) => text).sort()).toEqual([...wanted].sort());
  });
});
