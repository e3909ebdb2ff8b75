import { beforeAll, describe, expect, it } from '@jest/globals';
import { candidatesOf, type SmokeRun, smokeRun } from './smoke-run.js';

/** Checks that every candidate handles each event once. No test can judge the times. */
describe('the benchmark of handling', () => {
  let run: SmokeRun;
  beforeAll(() => {
    // The rivals are not installed for the tests.
    run = smokeRun('handle', { only: ['ours', 'raw'] });
  }, 240_000);

  it('runs every candidate with each latency and size that it takes', () => {
    const names = candidatesOf(run);
    const atAll = ['0 ms, 200 B', '8 ms, 200 B', '0 ms, 2 KB', '0 ms, 20 KB'];
    const alone = ['ours', 'ours, concurrency 100', 'ours, SDK path', 'ours, concurrency 100, SDK path'];
    const packed = ['ours, packed 8 KiB', 'ours, packed 64 KiB'];
    expect(names).toEqual([
      ...alone.flatMap((way) => atAll.map((setting) => `${way}: ${setting}`)),
      ...packed.flatMap((way) => atAll.slice(0, 2).map((setting) => `${way}: ${setting}`)),
      ...['raw SDK loop', 'raw undici loop'].flatMap((way) => atAll.map((setting) => `${way}: ${setting}`)),
    ]);
    for (const name of names) expect(run.figures.get(`handle: ${name}: events / s`)!.value).toBeGreaterThan(0);
  });
});
