import { describe, expect, it } from '@jest/globals';
import { booleanOption, choiceOption, numberOption, typeOption } from '../../lib/queue/options.js';

describe('numberOption', () => {
  it('returns the option value or the default', () => {
    expect(numberOption('x', 3, 5, 1, 10)).toBe(3);
    expect(numberOption('x', undefined, 5, 1, 10)).toBe(5);
    expect(numberOption('x', 1, 5, 1, 10)).toBe(1);
    expect(numberOption('x', 10, 5, 1, 10)).toBe(10);
    expect(numberOption('x', 1.5, 5, 1, 10, false)).toBe(1.5);
  });

  it.each([
    [0, '0'],
    [11, '11'],
    [-1, '-1'],
    [1.5, '1.5'],
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    ['3', 'the text "3"; use Number(process.env.X)'],
    [null, 'null; leave the option out to get its default'],
    [3n, 'the bigint 3; use Number(…)'],
    [true, 'the boolean true'],
    [[3], 'an array'],
    [{}, 'an object'],
    [() => 3, 'a function'],
    ['x'.repeat(50), `the text "${'x'.repeat(32)}…"; use Number(process.env.X)`],
  ])('refuses %p as a number option', (value, got) => {
    const act = (): number => numberOption('retries', value as number, 5, 1, 10);
    expect(act).toThrow(new RangeError(`retries must be a whole number from 1 to 10, got ${got}`));
  });

  it('names a fractional range in the error of a number option, and groups the digits of a range', () => {
    expect(() => numberOption('factor', 101, 2, 1, 100, false)).toThrow(/must be a number from 1 to 100, got 101/);
    expect(() => numberOption('bytes', 0, 2, 1, 1_048_576)).toThrow(/from 1 to 1 048 576, got 0/);
  });
});

describe('booleanOption', () => {
  it('returns the option value or the default', () => {
    expect(booleanOption('x', undefined, true)).toBe(true);
    expect(booleanOption('x', false, true)).toBe(false);
  });

  it.each([
    ['false', 'the text "false"; use process.env.X === \'true\''],
    [0, '0'],
    [null, 'null; leave the option out to get its default'],
  ])('refuses %p as an option that is true or false', (value, got) => {
    expect(() => booleanOption('x', value as never, true)).toThrow(
      new TypeError(`x must be true or false, got ${got}`),
    );
  });
});

describe('choiceOption', () => {
  it('returns the option value or the first choice', () => {
    expect(choiceOption('x', undefined, ['left', 'right'])).toBe('left');
    expect(choiceOption('x', 'right', ['left', 'right'])).toBe('right');
  });

  it.each([
    ['rigth', 'the text "rigth"; did you mean \'right\'?'],
    ['up', 'the text "up"'],
    [null, 'null; leave the option out to get its default'],
  ])('refuses %p as a choice', (value, got) => {
    expect(() => choiceOption<'left' | 'right'>('x', value as never, ['left', 'right'])).toThrow(
      new TypeError(`x must be 'left' or 'right', got ${got}`),
    );
  });
});

describe('typeOption', () => {
  it('returns an option of the type or an absent option, and refuses any other type', () => {
    const listener = (): void => undefined;
    expect(typeOption('x', listener, 'function')).toBe(listener);
    expect(typeOption('x', undefined, 'symbol')).toBeUndefined();
    expect(() => typeOption('x', 'A', 'symbol')).toThrow(new TypeError('x must be a symbol, got the text "A"'));
  });
});
