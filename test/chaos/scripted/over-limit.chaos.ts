import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Rig, texts } from '../rig.js';
import { TextWorker } from '../worker.js';

let rig: Rig;
let worker: Awaited<ReturnType<typeof TextWorker.start>>;
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await Rig.start();
});
afterEach(async () => {
  await worker.close();
  await rig.stop();
});

describe('a queue with too many messages in flight', () => {
  it('F17: receives at most once in 5 s while too many messages are in flight', async () => {
    await rig.emit(rig.client(), texts(10));
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    worker = await TextWorker.start(rig, { waitTimeSeconds: 0, concurrency: 20 }, () => released);
    await rig.fake.log.arrival(({ action, number }) => action === 'ReceiveMessage' && number >= 2);
    rig.fake.faults = ({ action }) =>
      action === 'ReceiveMessage' ? { kind: 'error', error: 'OverLimit', status: 403 } : undefined;
    const before = rig.requests('ReceiveMessage');
    await wait(1_000);
    release();
    await worker.until(({ settled }) => settled.length >= 10);
    expect(rig.fake.messages('texts')).toEqual([]);
    await wait(15_000);
    const asked = rig.requests('ReceiveMessage') - before;
    expect(asked).toBeLessThanOrEqual(1 + 16 / 5);
    expect(asked).toBeGreaterThanOrEqual(2);
    expect(worker.log.lines.filter((line) => line.includes('OverLimit'))).toHaveLength(1);
    rig.fake.faults = undefined;
    await rig.emit(rig.client(), ['after']);
    await worker.until(({ handled }) => handled.includes('after'));
  });
});
