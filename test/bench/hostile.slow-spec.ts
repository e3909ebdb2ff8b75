import { beforeAll, describe, expect, it } from '@jest/globals';
import { candidatesOf, type SmokeRun, smokeRun } from './smoke-run.js';

const TRAFFICS = ['bodies of 1 000 calls', 'keys that collide'];

/** Checks that all good messages are handled. No test can judge the times. */
describe('the benchmark of hostile traffic', () => {
  let run: SmokeRun;

  beforeAll(() => {
    run = smokeRun('hostile');
  }, 120_000);

  it('runs every traffic beside hostile and other senders', () => {
    const ways = ['beside hostile senders', 'beside other senders'];
    expect([...candidatesOf(run)].sort()).toEqual(
      ways.flatMap((way) => TRAFFICS.map((traffic) => `${way}: ${traffic}`)).sort(),
    );
  });

  it('demands half of the rate, and a second at most', () => {
    expect(run.acceptances.map(({ wanted }) => wanted)).toEqual(['≥ 0.5', '≥ 0.5', '≤ 1000', '≤ 1000']);
  });
});
