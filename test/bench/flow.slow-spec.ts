import { beforeAll, describe, expect, it } from '@jest/globals';
import { candidatesOf, type SmokeRun, smokeRun } from './smoke-run.js';

const figure = ({ figures }: SmokeRun, name: string): number => figures.get(name)!.value;

/** Checks that every event arrives. No test can judge the times. */
describe('the benchmark from end to end', () => {
  let run: SmokeRun;
  beforeAll(() => {
    // Neither rivals nor brokers are installed for the tests.
    run = smokeRun('end-to-end', { only: ['SQS, unpacked', 'SQS, packed', 'SQS, raw'] });
  }, 180_000);

  it('runs all ways over SQS at both loads', () => {
    const names = candidatesOf(run);
    for (const way of ['SQS, unpacked', 'SQS, unpacked, concurrency 100', 'SQS, packed']) {
      for (const load of ['full load', 'one at a time']) {
        expect(names).toContain(`${way}: ${load}`);
        expect(figure(run, `end-to-end: ${way}: ${load}: p50 ms`)).toBeGreaterThan(0);
      }
      expect(figure(run, `end-to-end: ${way}: full load: events / s`)).toBeGreaterThan(0);
    }
  });

  it('compares an event at low load with a send and a long poll of the SDK', () => {
    const name = 'end-to-end: acceptance: SQS, unpacked: p50 ms against SQS, raw SDK send and long poll, one at a time';
    expect(run.acceptances.map((acceptance) => acceptance.name)).toContain(name);
  });
});

describe('the benchmark of scale', () => {
  let run: SmokeRun;
  beforeAll(() => {
    run = smokeRun('scale');
  }, 300_000);

  it('runs every point', () => {
    expect(candidatesOf(run)).toEqual([
      ...['100', '1 000', '10 000', '100 000'].flatMap((n) => [`${n} events: unpacked`, `${n} events: packed`]),
      ...['1 handler', '10 handlers', '100 handlers', '1 000 handlers'].map((name) => `${name} of 5 ms: unpacked`),
      ...['4 producers', '4 consumers', '4 producers, 4 consumers'].map((name) => `${name}: unpacked`),
    ]);
  });

  it('counts at most three requests for ten events, and fewer if calls are packed', () => {
    expect(figure(run, 'scale: 100 000 events: unpacked: requests / event')).toBeLessThanOrEqual(0.33);
    expect(figure(run, 'scale: 100 000 events: packed: requests / event')).toBeLessThanOrEqual(0.05);
  });
});

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
