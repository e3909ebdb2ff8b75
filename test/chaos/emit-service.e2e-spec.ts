import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { first, seededRandom, withProbability } from '../fakes/sqs/fault-schedules.js';
import type { Fault, FaultScript } from '../fakes/sqs/faults.js';
import { Rig, texts } from './rig.js';

let rig: Rig;
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await Rig.start();
});
afterEach(() => rig.stop());

/** Only sends are struck: a client whose queue cannot be opened is another matter. */
const sends =
  (script: FaultScript): FaultScript =>
  (request) =>
    request.action === 'SendMessageBatch' ? script(request) : undefined;

describe('a service that fails', () => {
  const internal: Fault = { kind: 'error', error: 'InternalFailure', status: 500 };
  const unavailable: Fault = { kind: 'error', error: 'ServiceUnavailable', status: 503 };
  const page: Fault = { kind: 'text', text: '<html><h1>502 Bad Gateway</h1></html>', status: 502 };
  const broken: Fault = { kind: 'truncate', cut: 'json' };
  const cut: Fault = { kind: 'truncate', cut: 'connection' };

  it('F15: loses no call and sends at most 1.5 times the requests when one in five fails', async () => {
    const client = rig.client();
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
  ])('F15: waits through five failures in a row: %s', async (_, fault) => {
    const client = rig.client();
    await client.connect();
    rig.fake.faults = sends(first(5, fault));
    const { stored } = await rig.emit(client, texts(10));
    expect(stored.size).toBe(10);
    expect(rig.requests('SendMessageBatch')).toBe(6);
  });
});
