import { beforeAll, describe, expect, it } from '@jest/globals';
import { candidatesOf, type SmokeRun, smokeRun } from './smoke-run.js';

/** Checks that telemetry changes no number of requests. No test can judge the times. */
describe('the benchmark of telemetry', () => {
  let run: SmokeRun;
  beforeAll(() => {
    run = smokeRun('telemetry', { only: ['emit packed', 'handle, traces of 1 % and metrics'] });
  }, 120_000);

  it('runs candidates with and without telemetry', () => {
    const modes = [
      'without',
      'no SDK',
      'traces of 1 %',
      'traces of 1 % and metrics',
      'traces of 1 % without create spans',
    ];
    const names = ['handle, traces of 1 % and metrics', ...modes.map((mode) => `emit packed, ${mode}`)];
    expect(candidatesOf(run)).toEqual(names);
    for (const name of names) expect(run.figures.get(`telemetry: ${name}: events / s`)!.value).toBeGreaterThan(0);
  });

  it('packs as many calls into a body with traces as without', () => {
    const [requests] = run.acceptances.filter(({ name }) => name.includes('requests / 1 M'));
    expect(requests).toMatchObject({ value: 1, reached: true });
  });
});
