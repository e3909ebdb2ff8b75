import { beforeAll, describe, expect, it } from '@jest/globals';
import { candidatesOf, type SmokeRun, smokeRun } from './smoke-run.js';

/** Checks that every candidate handles all its events. No test can judge the times. */
describe('the benchmark of the carriers', () => {
  let run: SmokeRun;
  beforeAll(() => {
    run = smokeRun('carriers');
  }, 180_000);

  it('runs every carrier and its reference', () => {
    const names = candidatesOf(run);
    expect(names).toEqual([
      'Nest TCP',
      'socket',
      'socket, one call a write',
      'raw POST loop',
      'http',
      'raw set loop, starling',
      'raw set loop in batches, starling',
      'starling client, starling',
      'raw get loop, starling',
      'starling server, starling',
      'raw set loop, siberite',
      'raw set loop in batches, siberite',
      'starling client, siberite',
      'raw open and close loop, siberite',
      'starling server, siberite',
    ]);
    for (const name of names) expect(run.figures.get(`carriers: ${name}: events / s`)!.value).toBeGreaterThan(0);
  });

  it('compares each carrier with its reference', () => {
    expect(run.acceptances).toHaveLength(7);
    for (const { value } of run.acceptances) expect(value).toBeGreaterThan(0);
    const { value, baseline, ratio } = run.figures.get('carriers: socket: events / s')!;
    expect(baseline).toBe(run.figures.get('carriers: Nest TCP: events / s')!.value);
    expect(ratio).toBe(value / baseline!);
  });
});
