import { beforeAll, describe, expect, it } from '@jest/globals';
import { candidatesOf, type SmokeRun, smokeRun } from './smoke-run.js';

const figure = ({ figures }: SmokeRun, name: string): number => figures.get(name)!.value;

/** Checks that every event arrives. No test can judge the times. */
describe('the benchmark from end to end', () => {
  let run: SmokeRun;
  beforeAll(() => {
    // Neither rivals nor brokers are installed for the tests.
    run = smokeRun('end-to-end', { only: ['SQS, unpacked', 'SQS, packed', 'SQS, raw'] });
  }, 180_000);

  it('runs all ways over SQS at both loads', () => {
    const names = candidatesOf(run);
    for (const way of ['SQS, unpacked', 'SQS, unpacked, concurrency 100', 'SQS, packed']) {
      for (const load of ['full load', 'one at a time']) {
        expect(names).toContain(`${way}: ${load}`);
        expect(figure(run, `end-to-end: ${way}: ${load}: p50 ms`)).toBeGreaterThan(0);
      }
      expect(figure(run, `end-to-end: ${way}: full load: events / s`)).toBeGreaterThan(0);
    }
  });

  it('compares an event at low load with a send and a long poll of the SDK', () => {
    const name = 'end-to-end: acceptance: SQS, unpacked: p50 ms against SQS, raw SDK send and long poll, one at a time';
    expect(run.acceptances.map((acceptance) => acceptance.name)).toContain(name);
  });
});
