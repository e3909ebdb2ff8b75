import { beforeAll, describe, expect, it } from '@jest/globals';
import { candidatesOf, type SmokeRun, smokeRun } from './smoke-run.js';

/** Checks the numbers of requests. No test can judge the times. */
describe('the benchmark of emitting', () => {
  let run: SmokeRun;
  beforeAll(() => {
    run = smokeRun('emit');
  }, 120_000);

  it('runs every candidate with immediate and with delayed responses', () => {
    const names = candidatesOf(run);
    for (const way of ['raw SDK loop', 'batched', 'batched, SDK path', 'packed', 'packed, 64 KiB']) {
      expect(names).toEqual(expect.arrayContaining([`${way}: 0 ms`, `${way}: 8 ms`]));
    }
    for (const name of names) expect(run.figures.get(`emit: ${name}: events / s`)!.value).toBeGreaterThan(0);
  });

  it('meets the promised number of requests for every candidate', () => {
    const counts = run.acceptances.filter(({ name }) => name.includes('/ 1 M'));
    expect(counts.map(({ name, reached }) => [name, reached])).toEqual([
      ['emit: acceptance: batched: requests / 1 M, 0 ms', true],
      ['emit: acceptance: packed: requests / 1 M, 0 ms', true],
      ['emit: acceptance: packed, 64 KiB: requests / 1 M, 0 ms', true],
      ['emit: acceptance: packed, 64 KiB: billed / 1 M, 0 ms', true],
    ]);
    for (const { value } of counts) expect(value).toBeGreaterThan(0);
  });
});
