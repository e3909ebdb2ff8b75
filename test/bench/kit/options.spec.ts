import { describe, expect, it } from '@jest/globals';
import { takeFlag, takeText } from '../../../bench/kit/options.js';

describe('the options of one benchmark', () => {
  it('leaves the other arguments for all benchmarks', () => {
    const args = ['--json', '--seconds', '5', '--full', '--rounds', '3'];
    expect(takeText(args, '--seconds')).toBe('5');
    expect(takeFlag(args, '--full')).toBe(true);
    expect(args).toEqual(['--json', '--rounds', '3']);
  });

  it('has no value for an option that is not given', () => {
    const args = ['--json'];
    expect([takeText(args, '--seconds'), takeFlag(args, '--full'), args]).toEqual([undefined, false, ['--json']]);
  });

  it.each([[['--against']], [['--against', '--json']]])('refuses an option without a value: %j', (args) => {
    expect(() => takeText(args, '--against')).toThrow('--against takes a value');
  });
});
