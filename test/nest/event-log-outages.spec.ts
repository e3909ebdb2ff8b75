import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TransportEvent } from '#lib/diagnostics/transport-event.js';
import { createEventLog } from '#lib/nest/event-log.js';
import { QueueError, type QueueErrorKind } from '#lib/queue/queue-error.js';
import { VirtualClock } from '#lib/testing/virtual-clock.js';

const KINDS: readonly QueueErrorKind[] = ['network', 'service', 'throttled', 'over-limit', 'denied'];
const SIDES = [
  { failed: 'poll-failed', recovered: 'poll-recovered', fails: 'cannot receive', recovers: 'receiving' },
  { failed: 'send-failed', recovered: 'send-recovered', fails: 'cannot send', recovers: 'sending' },
] as const;

/** Logs what happens, and returns the lines. */
class Log {
  readonly clock = new VirtualClock(0);
  readonly lines: string[] = [];
  private readonly keep = (line: string): void => void this.lines.push(line);
  readonly log = createEventLog({ log: this.keep, warn: this.keep, error: this.keep }, this.clock);
}

function error(kind: QueueErrorKind): QueueError {
  return new QueueError(`by script, ${kind}`, { code: `Scripted-${kind}`, kind, queue: 'q' });
}

describe('the log of outages', () => {
  it.each(SIDES)('has a recovery for each failure that it has, and no other: $failed', async (side) => {
    const outage = fc.record({
      kinds: fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 4 }),
      after: fc.constantFrom(0, 100, 4_000, 11_000, 61_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(outage, { minLength: 1, maxLength: 12 }), async (outages) => {
        const { clock, log, lines } = new Log();
        for (const { kinds, after } of outages) {
          await clock.advance(after);
          const before = lines.length;
          for (const [at, kind] of kinds.entries()) {
            log({ type: side.failed, queue: 'q', failures: at + 1, error: error(kind) });
          }
          const failed = lines.slice(before).filter((line) => line.startsWith(side.fails));
          log({ type: side.recovered, queue: 'q', failures: kinds.length });
          const recovered = lines.slice(before).filter((line) => line.startsWith(side.recovers));
          expect(recovered).toHaveLength(failed.length > 0 ? 1 : 0);
        }
        expect(lines[0]).toContain(side.fails);
      }),
    );
  });

  it('keeps the outages of two queues and of both sides apart', () => {
    const { log, lines } = new Log();
    const failures = 1;
    const failed: TransportEvent[] = [
      { type: 'send-failed', queue: 'a', failures, error: error('network') },
      { type: 'poll-failed', queue: 'a', failures, error: error('network') },
    ];
    for (const event of failed) log(event);
    log({ type: 'send-recovered', queue: 'b', failures });
    expect(lines).toHaveLength(2);
    log({ type: 'poll-recovered', queue: 'a', failures });
    log({ type: 'send-recovered', queue: 'a', failures });
    log({ type: 'send-recovered', queue: 'a', failures });
    expect(lines.slice(2)).toEqual(['receiving from a again', 'sending to a again']);
  });
});
