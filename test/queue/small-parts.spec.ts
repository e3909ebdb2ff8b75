import { describe, expect, it } from '@jest/globals';
import { messageBytes } from '../../lib/queue/wire-message.js';
import { numberOption } from '../../lib/queue/options.js';
import { QueueError, type QueueErrorKind } from '../../lib/queue/queue-error.js';

describe('messageBytes', () => {
  it.each([
    ['text', { body: 'abcd' }, 4],
    ['text beyond ASCII', { body: 'ä€😀' }, 2 + 3 + 4],
    ['bytes', { body: new Uint8Array(7) }, 7],
    ['an attribute: name, String, value', { body: 'abcd', attributes: { name: 'value' } }, 4 + 4 + 6 + 5],
    ['an attribute beyond ASCII', { body: '', attributes: { n: '€' } }, 1 + 6 + 3],
    ['several attributes', { body: 'x', attributes: { a: '1', bb: '22' } }, 1 + (1 + 6 + 1) + (2 + 6 + 2)],
  ])('counts the size of %s', (_, message, bytes) => {
    expect(messageBytes(message)).toBe(bytes);
  });
});

describe('numberOption', () => {
  it('returns the option value or the default', () => {
    expect(numberOption('x', 3, 5, 1, 10)).toBe(3);
    expect(numberOption('x', undefined, 5, 1, 10)).toBe(5);
    expect(numberOption('x', 1, 5, 1, 10)).toBe(1);
    expect(numberOption('x', 10, 5, 1, 10)).toBe(10);
    expect(numberOption('x', 1.5, 5, 1, 10, false)).toBe(1.5);
  });

  it.each([0, 11, -1, 1.5, NaN, Infinity, '3', null, 3n, [3]])('validates %p as a number option', (value) => {
    const act = (): number => numberOption('retries', value as number, 5, 1, 10);
    if (value === null) expect(act()).toBe(5);
    else
      expect(act).toThrow(new RangeError(`option retries must be a whole number from 1 to 10, not ${String(value)}`));
  });

  it('names a fractional range in the error of a number option', () => {
    expect(() => numberOption('factor', 101, 2, 1, 100, false)).toThrow(/must be a number from 1 to 100, not 101/);
  });
});

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
