import { beforeAll, describe, expect, it } from '@jest/globals';
import { candidatesOf, type SmokeRun, smokeRun } from './smoke-run.js';

const figure = ({ figures }: SmokeRun, name: string): number => figures.get(name)!.value;

/** Checks figures that do not depend on the speed of the machine. */
describe('the benchmark of scale', () => {
  let run: SmokeRun;
  beforeAll(() => {
    run = smokeRun('scale');
  }, 300_000);

  it('runs every point', () => {
    expect(candidatesOf(run)).toEqual([
      ...['100', '1 000', '10 000', '100 000'].flatMap((n) => [`${n} events: unpacked`, `${n} events: packed`]),
      ...['10 000', '100 000'].map((n) => `${n} wait: unpacked`),
      ...['1 handler', '10 handlers', '100 handlers', '1 000 handlers'].map((name) => `${name} of 5 ms: unpacked`),
      ...['4 producers', '4 consumers', '4 producers, 4 consumers'].map((name) => `${name}: unpacked`),
    ]);
  });

  it('counts at most three requests for ten events, and fewer if calls are packed', () => {
    expect(figure(run, 'scale: 100 000 events: unpacked: requests / event')).toBeLessThanOrEqual(0.33);
    expect(figure(run, 'scale: 100 000 events: packed: requests / event')).toBeLessThanOrEqual(0.05);
  });
});
