import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rateCap } from '../../fakes/sqs/guards.js';
import { Rig, moveReport, texts, Texts, type TextsStub } from '../rig.js';

let rig: Rig;
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await Rig.start();
});
afterEach(() => rig.stop());

describe('a queue that is throttled to 10 requests a second', () => {
  it('F16: sends at most 1.2 times the allowed rate and recovers within 30 s', async () => {
    const delay = { kind: 'delay', ms: 50, when: 'after' } as const;
    const cap = rateCap(10);
    let capped = true;
    rig.fake.faults = (request) => {
      if (request.action !== 'SendMessageBatch') return undefined;
      return (capped ? cap(request) : undefined) ?? delay;
    };
    const client = rig.client();
    await client.connect();
    const stub = client.getService<TextsStub>(Texts);
    const emits: Promise<string>[] = [];
    let open = 0;
    let emitting = true;
    const keepEmitting = (async () => {
      for (let at = 0; emitting; at += 1) {
        const emit = stub.text(String(at));
        emits.push(emit);
        open += 1;
        void emit.finally(() => (open -= 1)).catch(() => undefined);
        if (open >= 1_000) await wait(20);
      }
    })();
    const requests = (): number => rig.requests('SendMessageBatch');
    const rateOver = async (seconds: number): Promise<number> => {
      const before = requests();
      await wait(seconds * 1_000);
      return (requests() - before) / seconds;
    };
    await wait(10_000);
    const throttled = await rateOver(15);
    capped = false;
    await wait(30_000);
    const recovered = await rateOver(5);
    emitting = false;
    await keepEmitting;
    const { failed } = await moveReport(emits);
    console.log(JSON.stringify({ throttled, recovered }));
    expect(failed).toEqual(new Map());
    expect(throttled).toBeLessThanOrEqual(12);
    expect(throttled).toBeGreaterThan(6);
    // Four requests of 50 ms at a time are 80 a second at most.
    const free = await (async () => {
      const other = rig.client();
      await other.connect();
      const before = requests();
      const from = performance.now();
      await rig.emit(other, texts(4_000));
      return ((requests() - before) / (performance.now() - from)) * 1_000;
    })();
    expect(recovered).toBeGreaterThanOrEqual(0.8 * free);
  });
});
