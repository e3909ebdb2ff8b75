import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BaseThriftClientOptions } from 'nestjs-sqs-thrift';
import { Logger } from '@nestjs/common';
import type { QueueErrorKind } from '#lib/queue/queue-error.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { TroubledClient } from './troubled-client.js';

Logger.overrideLogger(false);

/** Time in ms within which the status is true after the first sign. */
const TRUE_WITHIN_MS = 2_000;

const clients: TroubledClient[] = [];

function troubled(options: Partial<BaseThriftClientOptions> = {}, canBeAsked = true): TroubledClient {
  const client = new TroubledClient(new VirtualClock(0), options, canBeAsked);
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) {
    client.trouble = undefined;
    const closed = client.close();
    await client.clock.advance(30_000);
    await closed;
    expect([client.now, client.clock.pending]).toEqual(['stopped', 0]);
  }
});

describe('the status of a client', () => {
  it('is true two seconds after each begin and end of an outage, however much is emitted', async () => {
    const outage = fc.record({
      after: fc.integer({ min: 2_500, max: 60_000 }),
      lasts: fc.integer({ min: 2_500, max: 60_000 }),
      failsAfter: fc.constantFrom(0, 10, 1_000),
      kind: fc.constantFrom<QueueErrorKind>('network', 'service'),
      emits: fc.integer({ min: 1, max: 30 }),
      deliveryTimeoutMs: fc.constantFrom(0, 1_000, 10_000),
    });
    // The calls expire between the end of the outage and the next request.
    const expiring = {
      after: 2_500,
      lasts: 8_474,
      failsAfter: 1_000,
      kind: 'network',
      emits: 2,
      deliveryTimeoutMs: 10_000,
    } as const;
    await fc.assert(
      fc.asyncProperty(fc.array(outage, { minLength: 1, maxLength: 4 }), async (plan) => {
        const client = troubled({ deliveryTimeoutMs: plan[0]!.deliveryTimeoutMs });
        client.call();
        for (const { after, lasts, failsAfter, kind, emits } of plan) {
          await client.clock.advance(after);
          expect(client.now).toBe('up');
          client.trouble = { kind, failsAfter };
          for (let i = 0; i < emits; i += 1) client.call();
          await client.clock.advance(failsAfter + TRUE_WITHIN_MS);
          expect(client.now).toBe('down');
          await client.clock.advance(Math.max(0, lasts - failsAfter - TRUE_WITHIN_MS));
          client.trouble = undefined;
          await client.clock.advance(failsAfter + TRUE_WITHIN_MS);
          expect(client.now).toBe('up');
        }
      }),
      { numRuns: 100, examples: Array<[(typeof expiring)[]]>(40).fill([[expiring]]) },
    );
  });

  it.each<[QueueErrorKind, boolean]>([
    ['denied', false],
    ['credentials', false],
    ['missing-queue', false],
    ['denied', true],
    ['missing-queue', true],
  ])('is down while the queue lets the client store nothing: %s, by entry: %s', async (kind, byEntry) => {
    const client = troubled();
    await Promise.all([client.connect(), client.clock.advance(10)]);
    client.trouble = { kind, failsAfter: 0, byEntry };
    client.call();
    await client.clock.advance(100);
    expect(client.now).toBe('down');
    client.trouble = undefined;
    client.call();
    await client.clock.advance(TRUE_WITHIN_MS);
    expect(client.now).toBe('up');
  });

  it.each<[QueueErrorKind]>([['invalid'], ['service']])(
    'stays up when the queue refuses single calls: %s',
    async (kind) => {
      const client = troubled({ maxAttempts: 1 });
      await Promise.all([client.connect(), client.clock.advance(10)]);
      client.trouble = { kind, failsAfter: 0, byEntry: true };
      client.call();
      await client.clock.advance(5_000);
      expect(client.now).toBe('up');
    },
  );

  it('is down after ten throttled requests in a row', async () => {
    const client = troubled({ deliveryTimeoutMs: 600_000 });
    await Promise.all([client.connect(), client.clock.advance(10)]);
    client.trouble = { kind: 'throttled', failsAfter: 0 };
    client.call();
    const failures = () => client.seen.filter((type) => type === 'send-failed').length;
    while (failures() < 9) await client.clock.advance(100);
    expect(client.now).toBe('up');
    while (failures() < 10) await client.clock.advance(100);
    expect(client.now).toBe('down');
  });

  it('becomes true without an emit after an opening that failed', async () => {
    const client = troubled();
    client.trouble = { kind: 'network', failsAfter: 0 };
    client.call();
    await client.clock.advance(20_000);
    expect(client.now).toBe('down');
    client.trouble = undefined;
    await client.clock.advance(TRUE_WITHIN_MS);
    expect(client.now).toBe('up');
  });

  it('is down while no check is answered, and asks a queue at most once in 0.9 s', async () => {
    const client = troubled();
    await Promise.all([client.connect(), client.clock.advance(10)]);
    client.trouble = { kind: 'network', failsAfter: 0 };
    client.call();
    await client.clock.advance(10_500);
    client.asked = 0;
    await client.clock.advance(60_000);
    expect(client.now).toBe('down');
    expect(Math.abs(client.asked - 45)).toBeLessThanOrEqual(22);
  });

  it('stays stopped when its queue opens, or refuses to open, after the close', async () => {
    for (const trouble of [undefined, { kind: 'network', failsAfter: 20_000 }] as const) {
      const client = troubled({ flushTimeoutMs: 0 });
      client.trouble = trouble;
      client.call();
      await client.clock.advance(1);
      await Promise.all([client.close(), client.clock.advance(1)]);
      expect(client.now).toBe('stopped');
      await client.clock.advance(60_000);
      expect(client.now).toBe('stopped');
    }
  });

  it('stays down on a carrier that cannot be asked, until a request is answered', async () => {
    const client = troubled({}, false);
    await Promise.all([client.connect(), client.clock.advance(10)]);
    client.trouble = { kind: 'network', failsAfter: 0 };
    client.call();
    await client.clock.advance(20_000);
    client.trouble = undefined;
    await client.clock.advance(20_000);
    expect(client.now).toBe('down');
    client.call();
    await client.clock.advance(100);
    expect(client.now).toBe('up');
  });
});

describe('check and connect of a client', () => {
  it.each(['check', 'connect'] as const)('%s opens the queue, then asks it, and rejects in an outage', async (verb) => {
    const client = troubled();
    await Promise.all([client[verb](), client.clock.advance(10)]);
    expect([client.opened, client.asked, client.now]).toEqual([1, 0, 'up']);
    await Promise.all([client[verb](), client.clock.advance(10)]);
    expect([client.opened, client.asked]).toEqual([1, 1]);
    client.trouble = { kind: 'network', failsAfter: 0 };
    await Promise.all([expect(client[verb]()).rejects.toMatchObject({ kind: 'network' }), client.clock.advance(10)]);
    expect(client.now).toBe('down');
    client.trouble = undefined;
    await Promise.all([client[verb](), client.clock.advance(10)]);
    expect(client.now).toBe('up');
    expect(client.seen).toEqual(['send-failed', 'send-recovered']);
  });

  it('rejects once the client is closed', async () => {
    const client = troubled();
    await Promise.all([client.connect(), client.clock.advance(10)]);
    await client.close();
    await expect(client.check()).rejects.toMatchObject({ code: 'closed' });
  });
});
