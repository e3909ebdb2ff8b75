import { describe, expect, it } from '@jest/globals';
import { AbortSource } from '../../lib/queue/abort-source.js';

const REASON = new Error('given up');

describe('AbortSource', () => {
  it('calls each listener once at the abort, but for those that were removed', () => {
    const source = new AbortSource();
    const heard: string[] = [];
    const removed = (): void => void heard.push('removed');
    source.addEventListener('abort', () => heard.push('first'));
    source.addEventListener('abort', removed);
    source.addEventListener('abort', () => heard.push('second'));
    source.removeEventListener('abort', removed);
    source.abort(REASON);
    source.abort(new Error('too late'));
    expect(heard).toEqual(['first', 'second']);
    expect(source).toMatchObject({ aborted: true, reason: REASON });
  });

  it('calls no listener that is added after the abort', () => {
    const source = new AbortSource();
    source.abort(REASON);
    let calls = 0;
    source.addEventListener('abort', () => (calls += 1));
    expect(calls).toBe(0);
  });

  it('throws its reason only once it is aborted', () => {
    const source = new AbortSource();
    expect(() => source.throwIfAborted()).not.toThrow();
    source.abort(REASON);
    expect(() => source.throwIfAborted()).toThrow(REASON);
  });

  it('aborts its signal with the same reason, whenever the signal was asked for', () => {
    const [early, late] = [new AbortSource(), new AbortSource()];
    const { signal } = early;
    expect(signal.aborted).toBe(false);
    early.abort(REASON);
    late.abort(REASON);
    for (const one of [signal, late.signal]) {
      expect(one).toBeInstanceOf(AbortSignal);
      expect(one).toMatchObject({ aborted: true, reason: REASON });
    }
    expect(early.signal).toBe(signal);
  });
});
