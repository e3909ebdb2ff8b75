import { describe, expect, it } from '@jest/globals';
import type { SettledEvent, TransportEvent } from '../../lib/diagnostics/transport-event.js';
import { Health } from '../../lib/nest/server/health.js';
import { QueueError, type QueueErrorKind } from '../../lib/queue/queue-error.js';

type Verb = NonNullable<Extract<TransportEvent, { type: 'settle-failed' }>['verb']>;

const queue = 'q';
const error = (kind: QueueErrorKind): QueueError => new QueueError('by script', { code: 'X', kind, queue });
const pollFails = (kind: QueueErrorKind, failures = 1): TransportEvent => {
  return { type: 'poll-failed', queue, failures, error: error(kind) };
};
const pollFailed = pollFails('network');
const received: TransportEvent = { type: 'received', queue, count: 0 };
const unsettled = (kind: QueueErrorKind, verb: Verb = 'remove'): TransportEvent => {
  return { type: 'settle-failed', queue, messageId: 'm', outcome: 'ack', verb, error: error(kind) };
};
const settled = (outcome: SettledEvent['outcome'], more: Partial<SettledEvent> = {}): TransportEvent => {
  return { type: 'settled', queue, messageId: 'm', outcome, methods: [], receiveCount: 1, elapsedMs: 0, ...more };
};
const retried = settled('retry', { delaySeconds: 2 });

const VISIBILITY = 30;

/** What is told after each event; a number lets as many seconds pass. */
function told(...events: (TransportEvent | number)[]): unknown[] {
  let now = 0;
  const health = new Health({ now: () => now }, VISIBILITY);
  return events.flatMap((event) => {
    if (typeof event !== 'number') return [health.note(event) ?? ''];
    now += event * 1_000;
    return [];
  });
}

describe('the health of a worker', () => {
  it('is down from the first receive that failed to the first that did not', () => {
    expect(told(received, pollFailed, pollFailed, received, received)).toEqual(['', 'down', '', 'up', '']);
  });

  it.each(['throttled', 'over-limit'] as const)('is down only for the tenth receive in a row that is %s', (kind) => {
    const failures = Array.from({ length: 11 }, (_, i) => pollFails(kind, i + 1));
    expect(told(...failures, received)).toEqual([...Array<string>(9).fill(''), 'down', '', 'up']);
  });

  it.each(['denied', 'credentials', 'missing-queue'] as const)('is down while nothing can be removed: %s', (kind) => {
    expect(told(unsettled(kind), received, unsettled(kind), settled('ack'))).toEqual(['down', '', '', 'up']);
  });

  it.each(['lease-lost', 'service', 'network', 'throttled'] as const)('is not down for one message: %s', (kind) => {
    expect(told(unsettled(kind))).toEqual(['']);
  });

  it.each<[string, Verb, up: TransportEvent[], others: TransportEvent[]]>([
    [
      'removals',
      'remove',
      [
        settled('ack'),
        settled('split', { resent: 1 }),
        settled('reject', { fate: 'removed' }),
        settled('reject', { fate: 'dead-lettered' }),
      ],
      [retried, settled('reject', { fate: 'kept', delaySeconds: 2 }), settled('released', { delaySeconds: 0 })],
    ],
    [
      'hides',
      'hide',
      [
        retried,
        settled('reject', { fate: 'kept', delaySeconds: 2 }),
        settled('reject', { fate: 'parked', delaySeconds: 2 }),
        settled('released', { delaySeconds: 0 }),
      ],
      [settled('ack'), settled('split', { resent: 1 }), settled('reject', { fate: 'dead-lettered' })],
    ],
  ])('is up again when what was refused succeeds, and by nothing else: %s', (_, verb, up, others) => {
    for (const event of up) {
      // Something was given up, or was not asked for at all.
      const nothing = [settled('abandon'), settled('released'), received];
      const events = [...others, ...nothing, unsettled('denied', verb)];
      expect(told(unsettled('denied', verb), ...events, event)).toEqual(['down', ...events.map(() => ''), 'up']);
    }
  });

  it('is not down for what could not be sent: such messages stay, and can be settled', () => {
    expect(told(unsettled('denied', 'send'))).toEqual(['']);
  });

  it('is not down for a failure of our own, which no verb had', () => {
    const { verb: _, ...defect } = unsettled('denied') as Extract<TransportEvent, { type: 'settle-failed' }>;
    expect(told(defect)).toEqual(['']);
  });

  it('is up again when a verb was not refused for so long that nobody seems to need it', () => {
    expect(told(unsettled('denied', 'hide'), 599, received, 1, settled('ack'))).toEqual(['down', '', 'up']);
    expect(told(unsettled('denied'), 500, unsettled('denied'), 500, received)).toEqual(['down', '', '']);
  });

  it('is up only when both work again', () => {
    expect(told(pollFailed, unsettled('denied'), received, settled('ack'))).toEqual(['down', '', '', 'up']);
  });
});
