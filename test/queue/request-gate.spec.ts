import { describe, expect, it } from '@jest/globals';
import { RequestGate } from '../../lib/queue/request-gate.js';
import { QueueError } from '../../lib/queue/queue-error.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';

function open(maxInFlight = 3): { clock: VirtualClock; gate: RequestGate } {
  const clock = new VirtualClock(0);
  const gate = new RequestGate({ clock, maxInFlight, pauses: { baseMs: 100, maxMs: 1_000, random: () => 1 } });
  return { clock, gate };
}

function outage(retryAfterMs?: number): QueueError {
  return new QueueError('no answer', { code: 'ECONNREFUSED', kind: 'network', queue: 'jobs', retryAfterMs });
}

describe('the request gate', () => {
  it('is full with maxInFlight open requests and idle without open requests', () => {
    const { gate } = open(2);
    expect([gate.isIdle, gate.isFull]).toEqual([true, false]);
    gate.started();
    gate.started();
    expect([gate.isIdle, gate.isFull]).toEqual([false, true]);
    gate.answered(false);
    gate.answered(false);
    expect([gate.isIdle, gate.isFull]).toEqual([true, false]);
  });

  it('lets a request through during an outage after the pause, and another while the last one stays open', async () => {
    const { clock, gate } = open();
    gate.failed(gate.started(), outage());
    expect(gate.delay()).toBe(100);
    await clock.advance(100);
    expect([gate.delay(), gate.isFull]).toEqual([0, false]);
    gate.failed(gate.started(), outage());
    expect(gate.delay()).toBe(200);
    await clock.advance(200);
    gate.started();
    expect([gate.delay(), gate.isFull]).toEqual([1_500, false]);
    await clock.advance(1_500);
    gate.started();
    gate.started();
    expect(gate.isFull).toBe(true);
  });

  it('pauses for as long as the service asks, if that is longer than its own pause', () => {
    const { gate } = open();
    gate.failed(gate.started(), outage(5_000));
    expect(gate.delay()).toBe(5_000);
  });

  it('measures the silence of a queue from its first request until an answer', async () => {
    const { clock, gate } = open();
    const startedAt = gate.started();
    await clock.advance(50);
    gate.failed(startedAt, outage());
    await clock.advance(200);
    expect([gate.isSilent, gate.silentMs()]).toEqual([true, 250]);
    gate.started();
    gate.answered(false);
    expect([gate.isSilent, gate.silentMs(), gate.delay()]).toEqual([false, 0, 0]);
  });

  it('counts the silence of open requests from the last answer', async () => {
    const { clock, gate } = open();
    gate.started();
    gate.started();
    await clock.advance(300);
    gate.answered(false);
    await clock.advance(100);
    expect(gate.silentMs()).toBe(100);
    gate.answered(false);
    expect(gate.isSilent).toBe(false);
  });

  it('delays requests after the queue throttled an entry or a whole request', () => {
    const { gate } = open();
    gate.started();
    gate.answered(true);
    expect(gate.delay()).toBeGreaterThan(0);
    const other = open().gate;
    other.failed(other.started(), new QueueError('slow down', { code: 'Slow', kind: 'throttled', queue: 'q' }));
    expect(other.delay()).toBeGreaterThan(100);
  });
});
