import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { onlyKey } from '../fakes/sqs/guards.js';
import { Rig, moveReport, texts, Texts, type TextsStub } from './rig.js';

let rig: Rig;
beforeEach(() => {
  Logger.overrideLogger(false);
});
afterEach(() => rig.stop());

describe('a machine whose clock is wrong', () => {
  it.each([
    ['fifteen minutes behind', 900_000],
    ['fifteen minutes ahead', -900_000],
  ])('F28: %s: corrects the clock within three requests and stores the first call', async (_, skewMs) => {
    rig = await Rig.start({ checkSignatureTime: true, skewMs });
    const client = rig.client();
    expect((await rig.emit(client, ['x'])).stored.size).toBe(1);
    // Opening corrected the clock for all that follows.
    expect(rig.requests('GetQueueUrl') + rig.requests('GetQueueAttributes')).toBeLessThanOrEqual(3);
    expect(rig.requests('SendMessageBatch')).toBe(1);
  });

  it('F28: sends each request at most three times when the clock goes wrong later', async () => {
    rig = await Rig.start({ checkSignatureTime: true });
    const client = rig.client({ maxInFlight: 20 });
    await client.connect();
    rig.fake.skewMs = 900_000;
    const { failed } = await rig.emit(client, texts(200));
    expect(failed).toEqual(new Map());
    expect(rig.requests('SendMessageBatch')).toBeLessThanOrEqual(20 * 3);
    expect(new Set(rig.texts()).size).toBe(200);
  });
});

describe('keys that are rotated while calls are sent', () => {
  it('F29: asks for rotated keys once per rotation and loses no call', async () => {
    rig = await Rig.start();
    let current = 'v1';
    let asked = 0;
    rig.fake.faults = onlyKey(() => current);
    const client = rig.client({
      credentials: () => {
        asked += 1;
        return Promise.resolve({ accessKeyId: current, secretAccessKey: 'secret' });
      },
    });
    await client.connect();
    const stub = client.getService<TextsStub>(Texts);
    const wanted = texts(3000);
    const emits: Promise<string>[] = [];
    const from = performance.now();
    for (const rotation of [1, 2, 3]) {
      const before = asked;
      emits.push(...wanted.slice((rotation - 1) * 1000, rotation * 1000).map((text) => stub.text(text)));
      await emits.at(-900);
      current = `v${rotation + 1}`;
      await moveReport(emits);
      expect(asked - before).toBe(1);
    }
    const { stored } = await moveReport(emits);
    expect(stored.size).toBe(3000);
    expect(new Set(rig.texts()).size).toBe(3000);
    expect(performance.now() - from).toBeLessThan(3 * 5_000);
  });
});
