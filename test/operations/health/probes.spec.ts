import { describe, expect, it } from '@jest/globals';
import {
  type ClientState,
  clientReadiness,
  workerLiveness,
  workerReadiness,
  type WorkerState,
} from 'nestjs-sqs-thrift/health';

const idle: WorkerState = {
  queue: 'jobs',
  status: 'up',
  openReceives: 1,
  slotsTaken: 10,
  slots: 20,
  runningCalls: 0,
  inHand: 0,
  oldestInHandMs: 0,
  sinceAttemptMs: 15_000,
  sinceReceiveMs: 15_000,
  stalledMs: 0,
  failure: undefined,
};

describe('workerReadiness', () => {
  it.each<[WorkerState['status'], boolean]>([
    ['starting', false],
    ['up', true],
    ['down', false],
    ['paused', true],
    ['stopping', false],
    ['stopped', false],
  ])('answers by the status %s: %s', (status, ok) => {
    const { reason, ...rest } = workerReadiness({ ...idle, status });
    expect(rest).toMatchObject({ ok, details: { state: status, queue: 'jobs' } });
    expect(reason === undefined).toBe(ok);
    expect(Object.keys(rest.details)).not.toContain('status');
  });

  it('gives the failure of a worker that is down', () => {
    const result = workerReadiness({ ...idle, status: 'down', failure: 'access denied' });
    expect(result.details).toMatchObject({ failure: 'access denied' });
  });

  it('refuses options that mean nothing', () => {
    expect(() => workerReadiness(idle, { stalled: 'dead' as never })).toThrow(/stalled must be 'degraded' or 'down'/);
    expect(() => workerReadiness(idle, { stalledAfterMs: 0 })).toThrow(RangeError);
  });
});

describe('workerLiveness', () => {
  it.each<[string, Partial<WorkerState>, boolean]>([
    ['is idle', {}, true],
    ['has not attempted yet', { sinceAttemptMs: undefined }, true],
    ['has free slots and no attempt for two minutes', { sinceAttemptMs: 120_000 }, true],
    ['has free slots and no attempt for longer', { sinceAttemptMs: 120_001 }, false],
    ['is down and attempts nothing any more', { status: 'down', sinceAttemptMs: 121_000 }, false],
    ['starts', { status: 'starting', sinceAttemptMs: 121_000 }, true],
    ['is paused', { status: 'paused', sinceAttemptMs: 121_000 }, true],
    ['drains', { status: 'stopping', sinceAttemptMs: 121_000 }, true],
    ['is stopped', { status: 'stopped', sinceAttemptMs: 121_000 }, true],
    ['has no free slot', { slotsTaken: 20, sinceAttemptMs: 900_000 }, true],
    ['waits for enough slots', { stalledMs: 5, sinceAttemptMs: 900_000 }, true],
  ])('answers about a worker that %s', (_, state, ok) => {
    expect(workerLiveness({ ...idle, ...state }).ok).toBe(ok);
  });

  it('takes no limit that a healthy idle worker may exceed', () => {
    expect(() => workerLiveness(idle, { maxSilenceMs: 30_000 })).toThrow(/maxSilenceMs/);
    expect(workerLiveness({ ...idle, sinceAttemptMs: 90_001 }, { maxSilenceMs: 90_000 }).ok).toBe(false);
  });
});

describe('clientReadiness', () => {
  it.each<[ClientState['status'], boolean]>([
    ['starting', true],
    ['up', true],
    ['down', false],
    ['stopped', false],
  ])('answers by the status %s: %s', (status, ok) => {
    const result = clientReadiness({ status, queues: [], failure: undefined });
    expect([result.ok, result.reason === undefined, result.details]).toEqual([ok, ok, { state: status, queues: [] }]);
  });
});
