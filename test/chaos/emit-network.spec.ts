import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { first, seededRandom, withProbability } from './kit/fault-schedules.js';
import type { Fault, FaultScript } from './kit/faults.js';
import { type FaultProxy, startFaultProxy } from './kit/fault-proxy.js';
import { Rig, texts } from './rig.js';

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

/** Only sends are struck: a client whose queue cannot be opened is another matter. */
const sends =
  (script: FaultScript): FaultScript =>
  (request) =>
    request.action === 'SendMessageBatch' ? script(request) : undefined;

describe('a network that fails', () => {
  it('F12: a third of all requests are reset: nothing is lost, and what is stored twice was told as stored once', async () => {
    const client = rig.client({ endpoint: proxy.endpoint });
    await client.connect();
    const random = seededRandom(12);
    await proxy.set({ kind: 'reset', probability: 0.3, random, per: 'request', at: 'answer' });
    const wanted = texts(1000);
    const { stored, failed } = await rig.emit(client, wanted);
    await proxy.set({ kind: 'up' });
    expect(failed).toEqual(new Map());
    expect(new Set(rig.texts())).toEqual(new Set(wanted));
    const ids = new Map(rig.fake.stored('texts').map(({ id }, at) => [id, rig.texts()[at]]));
    for (const [at, id] of stored) expect(ids.get(id)).toBe(wanted[at]);
  });

  it('F12: nobody listens: calls wait in the buffer, and all are stored once it is up again', async () => {
    const client = rig.client({ endpoint: proxy.endpoint });
    await client.connect();
    await proxy.set({ kind: 'down' });
    const emits = rig.emit(client, texts(500));
    // Another one that gives up at once shows that it is down.
    const impatient = await rig.emit(rig.client({ endpoint: proxy.endpoint, maxAttempts: 1 }), ['x']);
    expect([impatient.failed.size, rig.texts()]).toEqual([1, []]);
    await proxy.set({ kind: 'up' });
    const { stored, failed } = await emits;
    expect([stored.size, failed.size]).toEqual([500, 0]);
    expect(new Set(rig.texts()).size).toBe(500);
  });

  it('F12: an outage longer than giveUpAfterMs ends with an error for each call, which says what failed', async () => {
    const client = rig.client({ endpoint: proxy.endpoint, giveUpAfterMs: 300 });
    await client.connect();
    await proxy.set({ kind: 'down' });
    const { stored, failed } = await rig.emit(client, texts(100));
    expect([stored.size, failed.size]).toEqual([0, 100]);
    expect(failed.get(0)).toMatchObject({ name: 'QueueError', kind: 'network', code: 'ECONNREFUSED' });
  });

  it('F13: a server that never answers is given up by the deadline of the request', async () => {
    const client = rig.client({
      endpoint: proxy.endpoint,
      giveUpAfterMs: 0,
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

  it('F13: half-open connections are left behind: what was emitted is stored when the network is back', async () => {
    const client = rig.client({ endpoint: proxy.endpoint, timeouts: { requestMs: 200 } });
    await client.connect();
    await proxy.set({ kind: 'blackHole' });
    const emits = rig.emit(client, texts(100));
    await rig.emit(rig.client({ endpoint: proxy.endpoint, giveUpAfterMs: 0, timeouts: { openMs: 300 } }), ['x']);
    await proxy.set({ kind: 'up' });
    expect((await emits).stored.size).toBe(100);
  });

  it('F14: slices of one byte and a slow line deliver the same', async () => {
    const client = rig.client({ endpoint: proxy.endpoint });
    await client.connect();
    await proxy.set({ kind: 'slice', bytes: 1 });
    expect((await rig.emit(client, texts(20))).stored.size).toBe(20);
    await proxy.set({ kind: 'bandwidth', bytesPerSecond: 40_000 });
    expect((await rig.emit(client, texts(20))).stored.size).toBe(20);
    expect(rig.texts()).toHaveLength(40);
  });
});

describe('a service that fails', () => {
  const internal: Fault = { kind: 'error', error: 'InternalFailure', status: 500 };
  const unavailable: Fault = { kind: 'error', error: 'ServiceUnavailable', status: 503 };
  const page: Fault = { kind: 'text', text: '<html><h1>502 Bad Gateway</h1></html>', status: 502 };
  const broken: Fault = { kind: 'truncate', cut: 'json' };
  const cut: Fault = { kind: 'truncate', cut: 'connection' };

  it('F15: one request in five fails with 500, 503, a page of a proxy or half an answer: none lost, at most 1.5 requests for one', async () => {
    const client = rig.client({ endpoint: proxy.endpoint });
    await client.connect();
    const random = seededRandom(15);
    const kinds = [internal, unavailable, page, broken, cut];
    rig.fake.faults = sends(withProbability(0.2, random, () => kinds[Math.floor(random() * kinds.length)]));
    const wanted = texts(2000);
    const { failed } = await rig.emit(client, wanted);
    expect(failed).toEqual(new Map());
    expect(new Set(rig.texts())).toEqual(new Set(wanted));
    const needed = 200;
    const made = rig.requests('SendMessageBatch');
    expect(made).toBeGreaterThan(needed * 1.1);
    expect(made).toBeLessThanOrEqual(needed * 1.5);
  });

  it.each<[what: string, fault: Fault]>([
    ['an error 500', internal],
    ['an error 503', unavailable],
    ['a page of a proxy', page],
    ['half an answer', broken],
    ['an answer whose end never comes', cut],
    ['a reset', { kind: 'reset' }],
  ])('F15: %s for five requests in a row is waited for', async (_, fault) => {
    const client = rig.client();
    await client.connect();
    rig.fake.faults = sends(first(5, fault));
    const { stored } = await rig.emit(client, texts(10));
    expect(stored.size).toBe(10);
    expect(rig.requests('SendMessageBatch')).toBe(6);
  });
});
