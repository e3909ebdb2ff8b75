import { describe, expect, it } from '@jest/globals';
import { createMemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import { WorkerStoppedError } from '#lib/consume/delivery.js';
import { batcherSettings, SettlementBatches } from '#lib/consume/settlement-batches.js';
import { RequestFollower } from '#lib/diagnostics/request-follower.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';

describe('the settlements of a stopped worker', () => {
  it('fail with the code of the error that aborts its handlers', async () => {
    const clock = new VirtualClock(0);
    const queue = createMemoryQueue({ clock });
    await queue.send([{ body: 'a' }]);
    const [message] = await queue.receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
    const requests = new RequestFollower({ clock, report: () => undefined });
    const batches = new SettlementBatches(queue, batcherSettings(queue, clock), requests, () => 0);
    const open = batches.acknowledgements.add(message!);
    const stopped = batches.close();
    const { code } = new WorkerStoppedError();
    expect(stopped).toMatchObject({ code, kind: 'closed', queue: 'memory' });
    expect(await open).toMatchObject({ ok: false, error: { code } });
    expect(await batches.releases.add({ message: message!, seconds: 0, cause: 'failed' })).toMatchObject({
      error: { code },
    });
  });
});
