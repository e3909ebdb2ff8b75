import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from '@jest/globals';

interface Report {
  readonly results: readonly { name: string; entries: number; bytes: number; encode: number; decode: number }[];
  readonly acceptances: readonly { demand: string; entries: number; wanted: number; ratio: number; reached: boolean }[];
}

const LENGTHS = [1, 10, 100];

/** Candidates whose bytes must be those of another one. */
const SAME_BYTES = [
  ['own binary', 'Apache binary'],
  ['own binary, i64 as number', 'Apache binary'],
  ['generated classes on own binary', 'Apache binary'],
  ['own compact', 'Apache compact'],
  ['own json', 'Apache JSON'],
] as const;

/** Checks that all candidates run and agree. No test can judge the times. */
describe('the benchmark of the codecs', () => {
  let report: Report;
  const bytesOf = (name: string): number[] =>
    report.results.filter((result) => result.name === name).map(({ bytes }) => bytes);

  beforeAll(() => {
    const args = ['build/bench/codec.js', '--json', '--rounds', '1', '--smoke'];
    report = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Report;
  }, 60_000);

  it('runs every candidate with every length of the list', () => {
    const names = [...new Set(report.results.map(({ name }) => name))];
    expect(names).toEqual(
      expect.arrayContaining(['thriftrw binary', 'JSON', 'protobufjs', 'avsc', 'msgpackr with records']),
    );
    for (const name of names) {
      const entries = report.results.filter((result) => result.name === name).map((result) => result.entries);
      expect([name, entries]).toEqual([name, LENGTHS]);
    }
    expect(report.results.filter(({ encode, decode }) => !(encode > 0 && decode > 0))).toEqual([]);
  });

  it.each(SAME_BYTES)('measures the same number of bytes for %s and %s', (ours, theirs) => {
    expect(bytesOf(ours)).toHaveLength(LENGTHS.length);
    expect(bytesOf(ours)).toEqual(bytesOf(theirs));
  });

  it('checks every demand against the measured ratio', () => {
    // Five codecs to compare with, four of them in both directions.
    expect(report.acceptances).toHaveLength((4 * 2 + 1) * LENGTHS.length);
    for (const { demand, ratio, wanted, reached } of report.acceptances) {
      expect([demand, reached]).toEqual([demand, demand.includes('round trip') ? ratio <= wanted : ratio >= wanted]);
    }
  });
});
