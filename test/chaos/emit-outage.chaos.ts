import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rateCap } from './kit/guards.js';
import { type FaultProxy, startFaultProxy } from './kit/fault-proxy.js';
import { Rig, tally, texts, Texts, type TextsStub } from './rig.js';

let rig: Rig;
let proxy: FaultProxy;
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await Rig.start();
  proxy = await startFaultProxy({ target: rig.fake.endpoint });
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
  it('F34: memory is bounded, the loop stays free, each emit ends once, and emitting goes on afterwards', async () => {
    const program = join('build', 'test', 'programs', 'outage-emitter.js');
    const env = { ...process.env, AWS_EC2_METADATA_DISABLED: 'true' };
    const child = spawn(process.execPath, [program, proxy.endpoint, '75'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('warm');
    await wait(2_000);
    const storedBefore = rig.texts().length;
    await proxy.set({ kind: 'down' });
    await wait(60_000);
    await proxy.set({ kind: 'up' });
    const report = JSON.parse(String((await lines.next()).value)) as Report;
    console.log(JSON.stringify(report));
    expect(report.accepted).toBeGreaterThan(140_000);
    expect(report.accepted).toBe(report.stored + report.rejected);
    expect([report.settledTwice, report.unhandled]).toEqual([0, 0]);
    expect(report.bufferFull).toBeGreaterThan(50_000);
    // What is stored was told so; what a lost answer leaves open may be stored although it was not.
    const arrived = new Set(rig.texts()).size;
    expect(arrived).toBeGreaterThanOrEqual(report.stored);
    expect(arrived - storedBefore).toBeGreaterThan(10_000);
    expect(report.loopP99Ms).toBeLessThan(20);
    expect(report.rssGrowthMiB).toBeLessThan(64 + 100);
  });
});

describe('a black hole, by the deadlines that come by default', () => {
  it('F13: an emit errors within 15 s', async () => {
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
    ['2 s each way', { kind: 'latency', ms: 1_000, jitterMs: 1_000 }],
    ['10 KB/s', { kind: 'bandwidth', bytesPerSecond: 10_000 }],
    ['slices of one byte', { kind: 'slice', bytes: 1 }],
  ] as const)('F14: %s: everything arrives, once', async (_, mode) => {
    const client = rig.client({ endpoint: proxy.endpoint });
    await client.connect();
    await proxy.set(mode);
    const wanted = texts(100, 100);
    const { stored } = await rig.emit(client, wanted);
    expect(stored.size).toBe(100);
    expect(rig.texts().sort()).toEqual([...wanted].sort());
  });
});

describe('a queue that is throttled to 10 requests a second', () => {
  it('F16: is asked at most 1.2 times as often, loses nothing, and is at full speed 30 s after that is over', async () => {
    const delay = { kind: 'delay', ms: 50, when: 'after' } as const;
    const cap = rateCap(10);
    let capped = true;
    rig.fake.faults = (request) => {
      if (request.action !== 'SendMessageBatch') return undefined;
      return (capped ? cap(request) : undefined) ?? delay;
    };
    const client = rig.client();
    await client.connect();
    const stub = client.service<TextsStub>(Texts);
    const emits: Promise<string>[] = [];
    let open = 0;
    let emitting = true;
    const keepEmitting = (async () => {
      for (let at = 0; emitting; at += 1) {
        const emit = stub.text(String(at));
        emits.push(emit);
        open += 1;
        void emit.finally(() => (open -= 1)).catch(() => undefined);
        if (open >= 1_000) await wait(20);
      }
    })();
    const requests = (): number => rig.requests('SendMessageBatch');
    const rateOver = async (seconds: number): Promise<number> => {
      const before = requests();
      await wait(seconds * 1_000);
      return (requests() - before) / seconds;
    };
    await wait(10_000);
    const throttled = await rateOver(15);
    capped = false;
    await wait(30_000);
    const recovered = await rateOver(5);
    emitting = false;
    await keepEmitting;
    const { failed } = await tally(emits);
    console.log(JSON.stringify({ throttled, recovered }));
    expect(failed).toEqual(new Map());
    expect(throttled).toBeLessThanOrEqual(12);
    expect(throttled).toBeGreaterThan(6);
    // Four requests of 50 ms at a time are 80 a second at most.
    const free = await (async () => {
      const other = rig.client();
      await other.connect();
      const before = requests();
      const from = performance.now();
      await rig.emit(other, texts(4_000));
      return ((requests() - before) / (performance.now() - from)) * 1_000;
    })();
    expect(recovered).toBeGreaterThanOrEqual(0.8 * free);
  });
});
