import { describe, expect, it } from '@jest/globals';
import { LinkedItems } from '#lib/common/linked-items.js';
import { createDelivery, type DeliveryInHand, type Lease } from '#lib/consume/delivery.js';
import { DeliveryHandler, type DeliveryHandlerParts } from '#lib/consume/delivery-handler.js';
import { AbortSource } from '#lib/queue/abort-source.js';
import type { Settlement } from '#lib/queue/settlement.js';
import { createMemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { codec, received } from './harness.js';

interface Script {
  readonly run?: () => void | Promise<void>;
  readonly lease?: Partial<Lease>;
  readonly settle?: () => void;
}

/** Handles one delivery by a script. Lists the steps in their order. */
async function handle({
  run,
  lease = { lost: false },
  settle,
}: Script): Promise<{ steps: string[]; settlement?: Settlement }> {
  const steps: string[] = [];
  let settlement: Settlement | undefined;
  const step = (name: string) => (): void => void steps.push(name);
  const inHand = new LinkedItems<DeliveryInHand>();
  const parts = {
    codec,
    clock: new VirtualClock(0),
    queue: createMemoryQueue(),
    classifyError: () => undefined,
    retry: { delay: () => 7, maxReceives: Infinity },
    scheduler: {
      handle: async () => {
        steps.push('run');
        await run?.();
      },
    },
    slots: { began: step('began'), ended: step('ended') },
    settler: {
      settle: (_: unknown, given: Settlement) => {
        steps.push(`settle ${given.type}`);
        settlement = given;
        settle?.();
        return Promise.resolve();
      },
      fail: step('fail'),
    },
    inHand,
  } as unknown as DeliveryHandlerParts;
  const stop = async (): Promise<void> => {
    await Promise.resolve();
    steps.push('stopped');
  };
  const given = Object.assign(lease, { aborts: new AbortSource(), since: 0, end: step('end'), stop });
  const delivery = createDelivery(received('m'), given as unknown as Lease);
  inHand.add(delivery);
  await new DeliveryHandler(parts).handle(delivery);
  expect(inHand.size).toBe(0);
  return { steps, ...(settlement && { settlement }) };
}

const fails = (): never => {
  throw new Error('broken');
};

describe('a delivery', () => {
  it('ends the renewal of its lease before it is acknowledged', async () => {
    expect((await handle({})).steps).toEqual(['began', 'run', 'end', 'ended', 'settle ack']);
  });

  it('waits for the end of a renewal in progress before it is released', async () => {
    const { steps, settlement } = await handle({ run: fails });
    expect(steps).toEqual(['began', 'run', 'stopped', 'ended', 'settle retry']);
    expect(settlement).toMatchObject({ delaySeconds: 7, error: new Error('broken') });
  });

  it('is abandoned before its handlers run if its lease is lost, and at once', async () => {
    expect((await handle({ lease: { lost: true } })).steps).toEqual(['began', 'ended', 'settle abandon']);
  });

  it('is abandoned with the error of its handlers if its lease is lost meanwhile', async () => {
    const lease = { lost: false };
    const run = (): void => {
      lease.lost = true;
      fails();
    };
    const { settlement } = await handle({ run, lease });
    expect(settlement).toEqual({ type: 'abandon', error: new Error('broken') });
  });

  it('waits until its lease is sure', async () => {
    let confirm!: () => void;
    const confirmed = new Promise<void>((resolve) => (confirm = resolve));
    let isSure = false;
    const handled = handle({ lease: { confirmed }, run: () => void expect(isSure).toBe(true) });
    isSure = true;
    confirm();
    expect((await handled).settlement).toEqual({ type: 'ack' });
  });

  it('is reported and left to its lease if a step has a defect', async () => {
    expect((await handle({ settle: fails })).steps.slice(-3)).toEqual(['settle ack', 'ended', 'fail']);
  });
});
