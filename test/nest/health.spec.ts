import { describe, expect, it } from '@jest/globals';
import type { SettledEvent, TransportEvent } from '../../lib/diagnostics/transport-event.js';
import { Health } from '../../lib/nest/server/health.js';
import { QueueError, type QueueErrorKind } from '../../lib/queue/queue-error.js';

const queue = 'q';
const error = (kind: QueueErrorKind): QueueError => new QueueError('by script', { code: 'X', kind, queue });
const pollFailed: TransportEvent = { type: 'poll-failed', queue, failures: 1, error: error('network') };
const received: TransportEvent = { type: 'received', queue, count: 0 };
const unsettled = (kind: QueueErrorKind): TransportEvent => {
  return { type: 'settle-failed', queue, messageId: 'm', outcome: 'ack', error: error(kind) };
};
const settled = (outcome: SettledEvent['outcome']): TransportEvent => {
  return { type: 'settled', queue, messageId: 'm', outcome, methods: [], receiveCount: 1, elapsedMs: 0 };
};

/** What is told after each event. */
function told(...events: TransportEvent[]): unknown[] {
  const health = new Health();
  return events.map((event) => health.note(event) ?? '');
}

describe('the health of a worker', () => {
  it('is down from the first receive that failed to the first that did not', () => {
    expect(told(received, pollFailed, pollFailed, received, received)).toEqual(['', 'down', '', 'up', '']);
  });

  it.each(['denied', 'credentials', 'missing-queue'] as const)('is down while nothing can be settled: %s', (kind) => {
    expect(told(unsettled(kind), received, unsettled(kind), settled('ack'))).toEqual(['down', '', '', 'up']);
  });

  it.each(['lease-lost', 'service', 'network', 'throttled'] as const)('is not down for one message: %s', (kind) => {
    expect(told(unsettled(kind))).toEqual(['']);
  });

  it('is not up because a message was given up', () => {
    expect(told(unsettled('denied'), settled('abandon'), settled('retry'))).toEqual(['down', '', 'up']);
  });

  it('is up only when both work again', () => {
    expect(told(pollFailed, unsettled('denied'), received, settled('ack'))).toEqual(['down', '', '', 'up']);
  });
});
