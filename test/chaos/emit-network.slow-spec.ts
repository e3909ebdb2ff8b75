import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { seededRandom } from '../fakes/sqs/fault-schedules.js';
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

describe('a network that fails', () => {
  it('F12: loses no call when a third of the requests are reset', async () => {
    const client = rig.client({ endpoint: proxy.endpoint });
    await client.connect();
    const random = seededRandom(12);
    await proxy.set({ kind: 'reset', probability: 0.3, random, per: 'request', at: 'answer' });
    const wanted = texts(1000);
    const { stored, failed } = await rig.emit(client, wanted);
    await proxy.set({ kind: 'up' });
    expect(failed).toEqual(new Map());
    const drained = await rig.drain();
    expect(new Set(drained.map(({ text }) => text))).toEqual(new Set(wanted));
    const ids = new Map(drained.map(({ id, text }) => [id, text]));
    for (const [at, id] of stored) expect(ids.get(id)).toBe(wanted[at]);
  });

  it('F12: keeps calls while the endpoint is down and stores all calls later', async () => {
    const client = rig.client({ endpoint: proxy.endpoint });
    await client.connect();
    await proxy.set({ kind: 'down' });
    const emits = rig.emit(client, texts(500));
    // Another one that gives up at once shows that it is down.
    const impatient = await rig.emit(rig.client({ endpoint: proxy.endpoint, deliveryTimeoutMs: 500 }), ['x']);
    expect([impatient.failed.size, await rig.depth()]).toEqual([1, 0]);
    await proxy.set({ kind: 'up' });
    const { stored, failed } = await emits;
    expect([stored.size, failed.size]).toEqual([500, 0]);
    expect(new Set((await rig.drain()).map(({ text }) => text)).size).toBe(500);
  });

  it('F12: fails each call with its cause in an outage longer than deliveryTimeoutMs', async () => {
    const client = rig.client({ endpoint: proxy.endpoint, deliveryTimeoutMs: 300 });
    await client.connect();
    await proxy.set({ kind: 'down' });
    const { stored, failed } = await rig.emit(client, texts(100));
    expect([stored.size, failed.size]).toEqual([0, 100]);
    expect(failed.get(0)).toMatchObject({ name: 'QueueError', kind: 'network', code: 'ECONNREFUSED' });
  });

  it('F13: fails a call by the request deadline when the server never answers', async () => {
    const client = rig.client({
      endpoint: proxy.endpoint,
      deliveryTimeoutMs: 0,
      timeouts: { requestMs: 200 },
    });
    await client.connect();
    await proxy.set({ kind: 'blackHole' });
    const from = performance.now();
    const { failed } = await rig.emit(client, texts(10));
    const elapsed = performance.now() - from;
    expect(failed.get(0)).toMatchObject({ kind: 'network', code: 'NoAnswer' });
    expect(failed.size).toBe(10);
    expect(elapsed).toBeLessThan(3 * 200 + 2_000);
  });

  it('F13: stores calls after half-open connections when the network is back', async () => {
    const client = rig.client({ endpoint: proxy.endpoint, timeouts: { requestMs: 200 } });
    await client.connect();
    await proxy.set({ kind: 'blackHole' });
    const emits = rig.emit(client, texts(100));
    await rig.emit(rig.client({ endpoint: proxy.endpoint, deliveryTimeoutMs: 0, timeouts: { openMs: 300 } }), ['x']);
    await proxy.set({ kind: 'up' });
    expect((await emits).stored.size).toBe(100);
  });

  it('F14: stores every call over a network with one-byte slices or low bandwidth', async () => {
    const client = rig.client({ endpoint: proxy.endpoint });
    await client.connect();
    await proxy.set({ kind: 'slice', bytes: 1 });
    expect((await rig.emit(client, texts(20))).stored.size).toBe(20);
    await proxy.set({ kind: 'bandwidth', bytesPerSecond: 40_000 });
    expect((await rig.emit(client, texts(20))).stored.size).toBe(20);
    expect(await rig.drain()).toHaveLength(40);
  });
});
