import { afterEach, describe, expect, it } from '@jest/globals';
import { shared } from '../../lib/common/shared.js';

const KEYS = ['test-state/1', 'test-state/2'].map((name) => Symbol.for(`nestjs-sqs-thrift:${name}`));

afterEach(() => {
  for (const key of KEYS) Reflect.deleteProperty(globalThis, key);
});

describe('shared', () => {
  it('creates the state once, for all copies of the package', () => {
    const state = shared('test-state/1', () => new Map());
    expect(shared('test-state/1', () => new Map())).toBe(state);
    expect((globalThis as Record<symbol, unknown>)[KEYS[0]!]).toBe(state);
  });

  it('keeps states of different names apart', () => {
    expect(shared('test-state/1', () => ({}))).not.toBe(shared('test-state/2', () => ({})));
  });
});
