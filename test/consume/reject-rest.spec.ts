import { describe, expect, it } from '@jest/globals';
import type { Delivery, Lease } from '#lib/consume/delivery.js';
import { rejectRest } from '#lib/consume/reject-rest.js';
import type { MessageReceiver } from '#lib/queue/queue.js';
import type { Settlement } from '#lib/queue/settlement.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';
import { turns } from './harness.js';

/** Leaves `count` messages behind, whose rejection ends by script. */
function leave(count: number): {
  readonly settled: Settlement[];
  readonly open: (() => void)[];
  readonly run: (over?: AbortSignal) => Promise<void>;
} {
  const settled: Settlement[] = [];
  const open: (() => void)[] = [];
  const rest = Array.from({ length: count }, (_, at) => ({ id: `${at}` }) as ReceivedMessage);
  const settle = (_delivery: Delivery, settlement: Settlement): Promise<void> => {
    settled.push(settlement);
    return new Promise((resolve) => open.push(resolve));
  };
  const parts = {
    queue: { takeRest: () => rest } as Partial<MessageReceiver> as MessageReceiver,
    settler: { settle },
    extender: { track: () => ({}) as Lease },
    clock: new VirtualClock(),
  };
  return { settled, open, run: (over = new AbortController().signal) => rejectRest(parts, over) };
}

function endAll(open: (() => void)[]): Promise<void> {
  for (const end of open.splice(0)) end();
  return turns();
}

describe('rejectRest', () => {
  it('rejects every message that is left, 256 side by side, so that it does not overrun the dead-letter queue', async () => {
    const { settled, open, run } = leave(600);
    const done = run();
    const steps: number[] = [];
    while (open.length > 0) {
      steps.push(open.length);
      await endAll(open);
    }
    await done;
    expect(steps).toEqual([256, 256, 88]);
    expect(settled).toHaveLength(600);
    expect(new Set(settled.map((settlement) => 'reason' in settlement && settlement.reason))).toEqual(
      new Set(['worker-stopped']),
    );
  });

  it('begins no further rejection once its time is over', async () => {
    const { settled, open, run } = leave(600);
    const over = new AbortController();
    const done = run(over.signal);
    over.abort();
    await endAll(open);
    await done;
    expect(settled).toHaveLength(256);
  });
});
