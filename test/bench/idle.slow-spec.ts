import { beforeAll, describe, expect, it } from '@jest/globals';
import { type SmokeRun, smokeRun } from './smoke-run.js';

const figure = ({ figures }: SmokeRun, name: string): number => figures.get(name)!.value;

/** Checks figures that do not depend on the speed of the machine. */
describe('the benchmark of idle workers', () => {
  let run: SmokeRun;
  beforeAll(() => {
    run = smokeRun('idle');
  }, 120_000);

  it('counts few requests of a worker on either data path', () => {
    for (const path of ['lean data path', 'data path of the SDK']) {
      // At most one long poll ends in the three seconds of a smoke run.
      expect(figure(run, `idle: ${path}: requests / min`)).toBeLessThanOrEqual(20);
      expect(figure(run, `idle: ${path}: RSS MB`)).toBeGreaterThan(20);
    }
  });
});
