import { beforeAll, describe, expect, it } from '@jest/globals';
import { candidatesOf, type SmokeRun, smokeRun } from './smoke-run.js';

const LENGTHS = ['1 entry', '10 entries', '100 entries'];

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
  let run: SmokeRun;
  const bytesOf = (name: string): number[] =>
    LENGTHS.map((length) => run.figures.get(`codec: ${name}: ${length}: bytes`)!.value);

  beforeAll(() => {
    run = smokeRun('codec');
  }, 60_000);

  it('runs every candidate with every length of the list', () => {
    const names = candidatesOf(run);
    for (const name of ['thriftrw binary', 'JSON', 'protobufjs', 'avsc', 'msgpackr with records', 'own binary']) {
      expect(names).toEqual(expect.arrayContaining(LENGTHS.map((length) => `${name}: ${length}`)));
    }
    expect(names.length).toBeGreaterThanOrEqual(20 * LENGTHS.length);
    for (const name of names) {
      for (const direction of ['encode', 'decode']) {
        expect(run.figures.get(`codec: ${name}: ${direction} µs`)!.value).toBeGreaterThan(0);
      }
    }
  });

  it.each(SAME_BYTES)('measures the same number of bytes for %s and %s', (ours, theirs) => {
    expect(bytesOf(ours)).toEqual(bytesOf(theirs));
  });

  it('checks every demand against the measured ratio', () => {
    // Five codecs to compare with, four of them in both directions.
    expect(run.acceptances).toHaveLength((4 * 2 + 1) * LENGTHS.length);
    for (const { name, value, baseline, wanted, reached } of run.acceptances) {
      const isReached = wanted!.startsWith('≤') ? value <= baseline! : value >= baseline!;
      expect([name, reached]).toEqual([name, isReached]);
    }
  });

  it('counts a codec that takes half the time as twice as good', () => {
    const [own, apache] = ['own binary', 'Apache binary'].map(
      (name) => run.figures.get(`codec: ${name}: 1 entry: encode µs`)!.value,
    );
    const demand = run.acceptances.find(({ name }) => name.includes('own binary: encode µs against Apache binary, 1 '));
    expect(demand!.value).toBe(apache! / own!);
  });
});
