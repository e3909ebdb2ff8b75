import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rateCap } from '../../fakes/sqs/guards.js';
import { codec, Rig } from '../rig.js';
import { TextWorker } from '../worker.js';

/** More than is handled while the test runs. */
const DEEP = 60_000;

let rig: Rig;
const running: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await Rig.start();
});
afterEach(async () => {
  for (const worker of running.splice(0)) await worker.close();
  await rig.stop();
});

describe('a queue whose receives are throttled to 10 a second', () => {
  it('F16: receives at most 1.2 times the allowed rate and recovers within 30 s', async () => {
    const body = codec.encodeBody({ method: 'text', args: { text: 'x' } }, 'text') as string;
    for (let at = 0; at < DEEP; at += 1) rig.fake.send('texts', { body, attributes: {} });
    const delay = { kind: 'delay', ms: 50, when: 'after' } as const;
    const cap = rateCap(10);
    let capped = true;
    rig.fake.faults = (request) => {
      if (request.action !== 'ReceiveMessage') return undefined;
      return (capped ? cap(request) : undefined) ?? delay;
    };
    const start = async (): Promise<TextWorker> => {
      const worker = await TextWorker.start(rig, { concurrency: 100 });
      running.push(worker);
      return worker;
    };
    const rateOver = async (seconds: number): Promise<number> => {
      const before = rig.requests('ReceiveMessage');
      await wait(seconds * 1_000);
      return (rig.requests('ReceiveMessage') - before) / seconds;
    };
    await start();
    await wait(10_000);
    const throttled = await rateOver(15);
    capped = false;
    await wait(30_000);
    const recovered = await rateOver(5);
    await running.pop()!.close();
    await start();
    await wait(2_000);
    const free = await rateOver(5);
    console.log(JSON.stringify({ throttled, recovered, free }));
    expect(throttled).toBeLessThanOrEqual(12);
    expect(throttled).toBeGreaterThan(5);
    expect(recovered).toBeGreaterThanOrEqual(0.8 * free);
  });
});
