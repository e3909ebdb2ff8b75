import { describe, expect, it } from '@jest/globals';
import { didYouMean, nearestName } from '../../lib/common/nearest-name.js';

const NAMES = ['concurrency', 'queue', 'name', 'id', 'waitTimeSeconds'];

describe('nearestName', () => {
  it.each([
    ['concurency', 'concurrency'],
    ['CONCURRENCY', 'concurrency'],
    ['queues', 'queue'],
    ['quuee', 'queue'],
    ['nmae', 'name'],
    ['naem', 'name'],
    ['idd', 'id'],
    ['di', 'id'],
    ['waitTimeSecond', 'waitTimeSeconds'],
  ])('finds the name that %s stands for: %s', (misspelt, name) => {
    expect(nearestName(misspelt, NAMES)).toBe(name);
  });

  it.each([['zebra'], ['nm'], ['concur'], [''], ['n'.repeat(65)]])('finds no name for %j', (name) => {
    expect(nearestName(name, NAMES)).toBeUndefined();
  });

  it('prefers the name with fewer mistakes, then the earlier name', () => {
    expect(nearestName('abcd', ['abcx', 'abc'])).toBe('abcx');
    expect(nearestName('abcdef', ['abcxyf', 'abcdeg'])).toBe('abcdeg');
  });
});

describe('didYouMean', () => {
  it('suggests the closest name, or nothing', () => {
    expect(didYouMean('nmae', NAMES)).toBe(': did you mean "name"?');
    expect(didYouMean('zebra', NAMES)).toBe('');
  });
});
