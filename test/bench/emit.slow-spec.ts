import { beforeAll, describe, expect, it } from '@jest/globals';
import { candidatesOf, type SmokeRun, smokeRun } from './smoke-run.js';

/** Checks the numbers of requests. No test can judge the times. */
describe('the benchmark of emitting', () => {
  let run: SmokeRun;
  beforeAll(() => {
    run = smokeRun('emit', { only: ['raw', 'batched', 'packed'] });
  }, 240_000);

  it('runs every candidate with each latency and size that it takes', () => {
    const names = candidatesOf(run);
    const atAll = ['0 ms, 200 B', '8 ms, 200 B', '0 ms, 2 KB', '0 ms, 20 KB'];
    const alone = ['raw SDK loop', 'raw undici loop', 'batched', 'batched, SDK path'];
    expect(names).toEqual([
      ...alone.flatMap((way) => atAll.map((setting) => `${way}: ${setting}`)),
      ...['packed', 'packed, 64 KiB'].flatMap((way) => atAll.slice(0, 2).map((setting) => `${way}: ${setting}`)),
    ]);
    for (const name of names) expect(run.figures.get(`emit: ${name}: events / s`)!.value).toBeGreaterThan(0);
  });

  it('meets the promised number of requests for every candidate', () => {
    const counts = run.acceptances.filter(({ name }) => name.includes('/ 1 M'));
    expect(counts.map(({ name, reached }) => [name, reached])).toEqual([
      ['emit: acceptance: batched: requests / 1 M, 0 ms, 200 B', true],
      ['emit: acceptance: packed: requests / 1 M, 0 ms, 200 B', true],
      ['emit: acceptance: packed, 64 KiB: requests / 1 M, 0 ms, 200 B', true],
      ['emit: acceptance: packed, 64 KiB: billed / 1 M, 0 ms, 200 B', true],
    ]);
    for (const { value } of counts) expect(value).toBeGreaterThan(0);
  });
});
