import { describe, expect, it } from '@jest/globals';
import { ReceiveCounts } from '#lib/carriers/starling/receive-counts.js';

describe('ReceiveCounts', () => {
  it('counts on where an item was put back', () => {
    const counts = new ReceiveCounts();
    const body = Buffer.from('a');
    expect(counts.next(body)).toBe(1);
    counts.remember(body, 1);
    expect(counts.next(Buffer.from('a'))).toBe(2);
    counts.remember(body, 2);
    expect(counts.next(Buffer.from('b'))).toBe(1);
    expect(counts.next(body)).toBe(3);
  });

  it('forgets an item that was received again', () => {
    const counts = new ReceiveCounts();
    counts.remember(Buffer.from('a'), 4);
    counts.next(Buffer.from('a'));
    expect(counts.next(Buffer.from('a'))).toBe(1);
  });

  it('remembers the newest 10 000 items', () => {
    const counts = new ReceiveCounts();
    for (let at = 0; at <= 10_000; at += 1) counts.remember(Buffer.from(`${at}`), 1);
    expect([counts.next(Buffer.from('0')), counts.next(Buffer.from('1'))]).toEqual([1, 2]);
  });
});
