import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from '@jest/globals';

interface Report {
  readonly results: readonly { name: string; delayMs: number; requestsPerMillion: number; eventsPerSecond: number }[];
  readonly acceptances: readonly { demand: string; measured: number; wanted: string; reached: boolean }[];
}

/** Checks the numbers of requests. No test can judge the times. */
describe('the benchmark of emitting', () => {
  let report: Report;
  beforeAll(() => {
    const args = ['build/bench/emit.js', '--json', '--rounds', '1', '--smoke'];
    report = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Report;
  }, 60_000);

  it('runs every candidate with immediate and with delayed responses', () => {
    expect(report.results.map(({ name, delayMs }) => `${name}, ${delayMs} ms`)).toEqual([
      'raw SDK loop, 0 ms',
      'raw SDK loop, 8 ms',
      'batched, 0 ms',
      'batched, 8 ms',
      'packed, 0 ms',
      'packed, 8 ms',
      'packed, 64 KiB, 0 ms',
      'packed, 64 KiB, 8 ms',
    ]);
    for (const { eventsPerSecond } of report.results) expect(eventsPerSecond).toBeGreaterThan(0);
  });

  it('meets the promised number of requests for every candidate', () => {
    const counts = report.acceptances.filter(({ demand }) => demand.includes('/ 1 M'));
    expect(counts.map(({ demand, reached }) => [demand, reached])).toEqual([
      ['batched: requests / 1 M', true],
      ['packed: requests / 1 M', true],
      ['packed, 64 KiB: requests / 1 M', true],
      ['packed, 64 KiB: billed / 1 M', true],
    ]);
    for (const { measured } of counts) expect(measured).toBeGreaterThan(0);
  });
});
