import { describe, expect, it } from '@jest/globals';
import type { SettledEvent, TransportEvent } from '../../../lib/diagnostics/transport-event.js';
import { Health } from '../../../lib/nest/server/health.js';
import { QueueError, type QueueErrorKind } from '../../../lib/queue/queue-error.js';

type Verb = NonNullable<Extract<TransportEvent, { type: 'settle-failed' }>['verb']>;

const queue = 'q';
const error = (kind: QueueErrorKind): QueueError => new QueueError('by script', { code: 'X', kind, queue });
const pollFails = (kind: QueueErrorKind, failures = 1): TransportEvent => {
  return { type: 'poll-failed', queue, failures, error: error(kind) };
};
const pollFailed = pollFails('network');
const received: TransportEvent = { type: 'received', queue, count: 0, slots: 0, openReceives: 0 };
const unsettled = (kind: QueueErrorKind, verb: Verb = 'acknowledge'): TransportEvent => {
  return { type: 'settle-failed', queue, messageId: 'm', outcome: 'ack', verb, error: error(kind) };
};
const settled = (outcome: SettledEvent['outcome'], more: Partial<SettledEvent> = {}): TransportEvent => {
  return { type: 'settled', queue, messageId: 'm', outcome, methods: [], receiveCount: 1, elapsedMs: 0, ...more };
};
const retried = settled('retry', { delaySeconds: 2 });

const VISIBILITY = 30;

/** Lists the status after each event. A number advances the clock by that many seconds. */
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
  it('reports down from the first failed receive to the first successful receive', () => {
    expect(told(received, pollFailed, pollFailed, received, received)).toEqual(['', 'down', '', 'up', '']);
  });

  it.each(['throttled', 'over-limit'] as const)(
    'reports down only for the tenth consecutive receive that is %s',
    (kind) => {
      const failures = Array.from({ length: 11 }, (_, i) => pollFails(kind, i + 1));
      expect(told(...failures, received)).toEqual([...Array<string>(9).fill(''), 'down', '', 'up']);
    },
  );

  it.each(['denied', 'credentials', 'missing-queue'] as const)('reports down while deletes are refused: %s', (kind) => {
    expect(told(unsettled(kind), received, unsettled(kind), settled('ack'))).toEqual(['down', '', '', 'up']);
  });

  it.each(['lease-lost', 'service', 'network', 'throttled'] as const)(
    'stays up after a failed settlement of kind %s',
    (kind) => {
      expect(told(unsettled(kind))).toEqual(['']);
    },
  );

  it.each<[string, Verb, up: TransportEvent[], others: TransportEvent[]]>([
    [
      'deletes',
      'acknowledge',
      [
        settled('ack'),
        settled('split', { resent: 1 }),
        settled('reject', { fate: 'removed' }),
        settled('reject', { fate: 'dead-lettered' }),
      ],
      [retried, settled('reject', { fate: 'kept', delaySeconds: 2 }), settled('released', { delaySeconds: 0 })],
    ],
    [
      'visibility changes',
      'release',
      [
        retried,
        settled('reject', { fate: 'kept', delaySeconds: 2 }),
        settled('reject', { fate: 'parked', delaySeconds: 2 }),
        settled('released', { delaySeconds: 0 }),
      ],
      [settled('ack'), settled('split', { resent: 1 }), settled('reject', { fate: 'dead-lettered' })],
    ],
  ])('reports up again only when the refused requests succeed: %s', (_, verb, up, others) => {
    for (const event of up) {
      // Something was given up, or was not asked for at all.
      const nothing = [settled('abandon'), settled('released'), received];
      const events = [...others, ...nothing, unsettled('denied', verb)];
      expect(told(unsettled('denied', verb), ...events, event)).toEqual(['down', ...events.map(() => ''), 'up']);
    }
  });

  it('stays up when a send is denied', () => {
    expect(told(unsettled('denied', 'send'))).toEqual(['']);
  });

  it('stays up after an internal defect without a queue verb', () => {
    const { verb: _, ...defect } = unsettled('denied') as Extract<TransportEvent, { type: 'settle-failed' }>;
    expect(told(defect)).toEqual(['']);
  });

  it('reports up again ten minutes after the last refusal of a verb', () => {
    expect(told(unsettled('denied', 'release'), 599, received, 1, settled('ack'))).toEqual(['down', '', 'up']);
    expect(told(unsettled('denied'), 500, unsettled('denied'), 500, received)).toEqual(['down', '', '']);
  });

  it('reports down in an outage after the queue opened late', () => {
    const recovered: TransportEvent = { type: 'poll-recovered', queue, failures: 2 };
    expect(told(pollFailed, pollFailed, recovered, pollFailed, received)).toEqual(['down', '', 'up', 'down', 'up']);
  });

  it('reports up only when both receives and settlements work again', () => {
    expect(told(pollFailed, unsettled('denied'), received, settled('ack'))).toEqual(['down', '', '', 'up']);
  });
});
