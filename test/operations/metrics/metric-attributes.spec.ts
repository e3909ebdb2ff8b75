import { describe, expect, it } from '@jest/globals';
import { queueAttributes, settledAttributes } from '#lib/operations/metrics/metric-attributes.js';

describe('the attributes', () => {
  it('are one frozen object for equal values, so that sinks can cache by object', () => {
    const attributes = settledAttributes('jobs', 'reject', 'expired', 'kept');
    expect(settledAttributes('jobs', 'reject', 'expired', 'kept')).toBe(attributes);
    expect(Object.isFrozen(attributes)).toBe(true);
    expect(settledAttributes('jobs', 'reject', 'expired', 'removed')).not.toBe(attributes);
  });

  it('leave out what a value does not have', () => {
    expect(settledAttributes('jobs', 'ack')).toEqual({ 'messaging.destination.name': 'jobs', outcome: 'ack' });
    expect(Object.keys(settledAttributes('jobs', 'ack'))).toEqual(['messaging.destination.name', 'outcome']);
    expect(Object.keys(queueAttributes('jobs', undefined))).toEqual(['messaging.destination.name']);
  });

  it('keep queues apart whose names together with other values read the same', () => {
    expect(queueAttributes('a', 'b')).not.toBe(queueAttributes('ab'));
    expect(queueAttributes('constructor')).toEqual({ 'messaging.destination.name': 'constructor' });
  });
});
