import { describe, expect, it } from '@jest/globals';
import { numberOption } from '../../lib/queue/options.js';

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
