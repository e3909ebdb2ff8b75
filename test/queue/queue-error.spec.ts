import { describe, expect, it } from '@jest/globals';
import { QueueError, type QueueErrorKind } from '../../lib/queue/queue-error.js';

describe('QueueError', () => {
  it.each<[QueueErrorKind, boolean]>([
    ['missing-queue', false],
    ['denied', false],
    ['credentials', true],
    ['throttled', true],
    ['over-limit', true],
    ['invalid', false],
    ['lease-lost', false],
    ['network', true],
    ['service', true],
    ['closed', false],
  ])('sets retryable of the error kind %s to %p', (kind, retryable) => {
    const error = new QueueError('it failed', { code: 'Code', kind, queue: 'q' });
    expect(error).toMatchObject({ name: 'QueueError', message: 'Code: it failed', code: 'Code', kind, retryable });
    expect(new QueueError('', { code: 'C', kind, queue: 'q', retryable: !retryable }).retryable).toBe(!retryable);
  });

  it('keeps a given cause and has no cause by default', () => {
    const cause = new Error('root');
    expect(new QueueError('m', { code: 'C', kind: 'service', queue: 'q', cause }).cause).toBe(cause);
    expect('cause' in new QueueError('m', { code: 'C', kind: 'service', queue: 'q' })).toBe(false);
  });

  it('wraps any thrown value and returns a QueueError unchanged', () => {
    const own = new QueueError('m', { code: 'C', kind: 'denied', queue: 'q' });
    expect(QueueError.from(own, 'other')).toBe(own);
    const cause = new Error('boom');
    expect(QueueError.from(cause, 'q')).toMatchObject({ message: 'QueueFailure: boom', kind: 'service', cause });
    for (const odd of [undefined, null, 'text', Object.freeze({})]) {
      expect(QueueError.from(odd, 'q')).toMatchObject({
        code: 'QueueFailure',
        message: 'QueueFailure: an unknown failure',
      });
    }
  });
});
