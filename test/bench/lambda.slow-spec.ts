import { beforeAll, describe, expect, it } from '@jest/globals';
import { candidatesOf, type SmokeRun, smokeRun } from './smoke-run.js';

const figure = ({ figures }: SmokeRun, name: string): number => figures.get(name)!.value;

/** Checks figures that do not depend on the speed of the machine. */
describe('the benchmark of functions of Lambda', () => {
  let run: SmokeRun;
  beforeAll(() => {
    run = smokeRun('lambda');
  }, 120_000);

  it('starts a function with a handler beside functions that do nothing, bundled and not', () => {
    expect(candidatesOf(run)).toEqual([
      'Node alone',
      'empty Nest application, bundled',
      'empty Nest microservice, bundled',
      'ours with a handler, bundled',
      'ours with a handler, bundled without undici',
      'empty Nest application, from node_modules',
      'empty Nest microservice, from node_modules',
      'ours with a handler, from node_modules',
    ]);
  });

  it('bundles the package beside Nest in less than two megabytes', () => {
    const kb = (name: string): number => figure(run, `lambda: ${name}, bundled: bundle, KB`);
    expect(kb('ours with a handler')).toBeGreaterThan(kb('empty Nest microservice'));
    expect(kb('ours with a handler')).toBeLessThan(2_000);
  });
});
