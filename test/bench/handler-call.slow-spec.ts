import { beforeAll, describe, expect, it } from '@jest/globals';
import { candidatesOf, type SmokeRun, smokeRun } from './smoke-run.js';

const HANDLERS = ['returns at once', 'returns a promise'];

/** Checks that all ways run the handler. No test can judge the times. */
describe('the benchmark of calling a handler', () => {
  let run: SmokeRun;

  beforeAll(() => {
    run = smokeRun('handler-call');
  }, 60_000);

  it('runs every way with every handler', () => {
    const ways = ['bare call of the handler', "Nest's Server.handleEvent", 'ours'];
    expect([...candidatesOf(run)].sort()).toEqual(
      ways.flatMap((way) => HANDLERS.map((handler) => `${way}: ${handler}`)).sort(),
    );
  });

  it('compares ours with the bare call', () => {
    expect(run.acceptances.map(({ wanted }) => wanted)).toEqual(['≤ 2', '≤ 2']);
  });
});
