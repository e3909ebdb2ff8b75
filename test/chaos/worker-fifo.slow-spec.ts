import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Rig, Texts, type TextsStub } from './rig.js';
import { TextWorker } from './worker.js';

const QUEUE = 'texts.fifo';

let rig: Rig;
let worker: (TextWorker & { close(): Promise<void> }) | undefined;
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await Rig.start();
  rig.fake.createQueue(QUEUE, { contentBasedDeduplication: true });
});
afterEach(async () => {
  await worker?.close();
  worker = undefined;
  await rig.stop();
});

/** Stores `each` texts such as `group-3` in each group, a group after the other. */
async function fill(groups: readonly string[], each: number): Promise<void> {
  const client = rig.client({ queue: QUEUE });
  for (const groupId of groups) {
    const stub = client.getService<TextsStub>(Texts, { groupId });
    for (let i = 0; i < each; i += 1) await stub.text(`${groupId}-${i}`);
  }
}

describe('F33: a message group that hangs, with a backlog', () => {
  it('leaves nine of ten slots to other groups and handles each group in order', async () => {
    const others = Array.from({ length: 12 }, (_, i) => `g${i}`);
    await fill(['hot', ...others], 12);
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let mostInFlight = 0;
    worker = await TextWorker.start(rig, { queue: QUEUE, concurrency: 10 }, (text) => {
      mostInFlight = Math.max(mostInFlight, rig.fake.depth(QUEUE).inFlight);
      return text.startsWith('hot') ? released : undefined;
    });
    await worker.until(({ settled }) => settled.length === 12 * others.length);
    expect(worker.handled.filter((text) => text.startsWith('hot'))).toEqual([]);
    release();
    await worker.until(({ settled }) => settled.length === 12 * (others.length + 1));
    for (const group of ['hot', ...others]) {
      const own = worker.handled.filter((text) => text.startsWith(`${group}-`));
      expect(own).toEqual(Array.from({ length: 12 }, (_, i) => `${group}-${i}`));
    }
    expect(worker.settled.every(({ outcome, receiveCount }) => outcome === 'ack' && receiveCount === 1)).toBe(true);
    expect(mostInFlight).toBeLessThanOrEqual(20);
    expect(rig.fake.messages(QUEUE)).toEqual([]);
  });
});
