import { beforeAll, describe, expect, it } from '@jest/globals';
import { type SmokeRun, smokeRun } from './smoke-run.js';

const figure = ({ figures }: SmokeRun, name: string): number => figures.get(name)!.value;

/** Checks figures that do not depend on the speed of the machine. */
describe('the benchmark of starts', () => {
  let run: SmokeRun;
  beforeAll(() => {
    run = smokeRun('start', { args: ['--against', '.'] });
  }, 180_000);

  it('starts both ends on both data paths, here and in another checkout', () => {
    const names = [...run.figures.keys()].filter((name) => name.endsWith(': ms'));
    expect(names).toEqual(
      [
        'empty process',
        'import of undici',
        'import of @aws-sdk/client-sqs',
        'import of @nestjs/microservices',
        'import of the package',
        'client, lean data path',
        'client, data path of the SDK',
        'worker, lean data path',
        'worker, data path of the SDK',
        'other checkout, import of the package',
        'other checkout, client',
        'other checkout, worker',
      ].map((name) => `start: ${name}: ms`),
    );
    expect(run.acceptances).toHaveLength(3);
  });

  it('takes more time for more work', () => {
    const ms = (name: string): number => figure(run, `start: ${name}: CPU ms`);
    expect(ms('import of the package')).toBeGreaterThan(ms('empty process'));
    expect(ms('worker, lean data path')).toBeGreaterThan(ms('empty process'));
  });
});
