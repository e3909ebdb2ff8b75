import { describe, expect, it } from '@jest/globals';
import { openSender } from '../../lib/publish/open-sender.js';
import type { QueueErrorKind } from '../../lib/queue/queue-error.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';
import { seedRandom } from '../queue/harness.js';
import { failure } from './harness.js';

seedRandom();

/** Opens a sender that fails with these kinds before it opens. */
function opening(
  kinds: readonly (QueueErrorKind | undefined)[],
  options = { maxAttempts: 5, retryBaseMs: 100 },
  isAwaited = () => false,
) {
  const clock = new VirtualClock(0);
  const queue = createMemoryQueue({ clock });
  const openedAt: number[] = [];
  const open = () => {
    const kind = kinds[Math.min(openedAt.length, kinds.length - 1)];
    openedAt.push(clock.now());
    return kind === undefined ? Promise.resolve(queue) : Promise.reject(failure(kind));
  };
  const abort = new AbortController();
  const result = openSender({ open, clock, options, isAwaited }, abort.signal).then(
    (sender) => sender.name,
    (error: { kind: string }) => error.kind,
  );
  return { clock, openedAt, result, abort };
}

describe('opening a sender', () => {
  it.each(['network', 'service', 'throttled'] as const)('opens again after a failure of kind %s', async (kind) => {
    const { clock, openedAt, result } = opening([kind, kind, undefined]);
    await clock.advance(1_000);
    expect(await result).toBe('memory');
    expect(openedAt).toHaveLength(3);
  });

  it.each(['missing-queue', 'denied', 'credentials', 'invalid'] as const)(
    'opens only once if the failure is of kind %s',
    async (kind) => {
      const { openedAt, result } = opening([kind]);
      expect(await result).toBe(kind);
      expect(openedAt).toHaveLength(1);
    },
  );

  it('gives up after maxAttempts', async () => {
    const { clock, openedAt, result } = opening(['network'], { maxAttempts: 3, retryBaseMs: 10 });
    await clock.advance(10_000);
    expect(await result).toBe('network');
    expect(openedAt).toHaveLength(3);
  });

  it('starts no attempt that would begin 4.5 s after the first attempt', async () => {
    const { clock, openedAt, result } = opening(['network'], { maxAttempts: 20, retryBaseMs: 1_000 });
    await clock.advance(60_000);
    expect(await result).toBe('network');
    expect(openedAt.length).toBeGreaterThan(1);
    expect(openedAt.length).toBeLessThan(20);
    expect(openedAt.at(-1)!).toBeLessThan(4_500);
  });

  it('goes on while a call waits, with pauses of a second at most', async () => {
    let waits = true;
    const { clock, openedAt, result } = opening(['network'], { maxAttempts: 3, retryBaseMs: 1_000 }, () => waits);
    await clock.advance(60_000);
    const pauses = openedAt.slice(1).map((at, i) => at - openedAt[i]!);
    expect(openedAt.length).toBeGreaterThan(60);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1_000);
    waits = false;
    await clock.advance(2_000);
    expect(await result).toBe('network');
  });

  it('rejects at once with the last error, without another attempt, when the signal aborts during a pause', async () => {
    const { clock, openedAt, result, abort } = opening(['network'], { maxAttempts: 20, retryBaseMs: 1_000 });
    await clock.advance(0);
    abort.abort();
    expect(await result).toBe('network');
    expect(openedAt).toEqual([0]);
    expect(clock.pending).toBe(0);
  });
});
