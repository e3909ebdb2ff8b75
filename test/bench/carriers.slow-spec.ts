import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from '@jest/globals';

interface Report {
  readonly results: readonly { name: string; eventsPerSecond: number }[];
  readonly acceptances: readonly { demand: string; measured: number }[];
}

/** Checks that every candidate handles all its events. No test can judge the times. */
describe('the benchmark of the carriers', () => {
  let report: Report;
  beforeAll(() => {
    const args = ['build/bench/carriers.js', '--json', '--rounds', '1', '--smoke'];
    report = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Report;
  }, 60_000);

  it('runs every carrier and its reference', () => {
    expect(report.results.map(({ name }) => name)).toEqual([
      'Nest TCP',
      'socket',
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
    for (const { eventsPerSecond } of report.results) expect(eventsPerSecond).toBeGreaterThan(0);
  });

  it('compares each carrier with its reference', () => {
    expect(report.acceptances).toHaveLength(6);
    for (const { measured } of report.acceptances) expect(measured).toBeGreaterThan(0);
  });
});
