import { describe, expect, it } from '@jest/globals';
import { RepeatedLines } from '../../lib/nest/repeated-lines.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';

describe('lines of one kind', () => {
  it('writes a repeated line every ten seconds with the number of omitted lines', async () => {
    const clock = new VirtualClock(0);
    const lines = new RepeatedLines(clock);
    const passed: unknown[] = [];
    for (let second = 0; second < 25; second += 1) {
      passed.push(lines.pass('down', `at ${second}`));
      await clock.advance(1_000);
    }
    expect(passed.filter((line) => line !== undefined)).toEqual([
      'at 0',
      'at 10 (and 9 more like it)',
      'at 20 (and 9 more like it)',
    ]);
  });

  it('writes as many repeated lines per ten seconds as the option several says', async () => {
    const clock = new VirtualClock(0);
    const lines = new RepeatedLines(clock);
    const passed: unknown[] = [];
    for (let second = 0; second < 25; second += 1) {
      passed.push(lines.pass('down', `at ${second}`, { several: 3 }));
      await clock.advance(1_000);
    }
    const more = (second: number): string[] => [
      `at ${second} (and 7 more like it)`,
      `at ${second + 1}`,
      `at ${second + 2}`,
    ];
    expect(passed.filter((line) => line !== undefined)).toEqual(['at 0', 'at 1', 'at 2', ...more(10), ...more(20)]);
  });

  it('omits no line of another kind', () => {
    const lines = new RepeatedLines(new VirtualClock(0));
    expect(['a', 'b', 'a'].map((kind) => lines.pass(kind, kind))).toEqual(['a', 'b', undefined]);
  });

  it('forgets the kinds of lines when there are too many kinds', () => {
    const lines = new RepeatedLines(new VirtualClock(0));
    for (let i = 0; i < 300; i += 1) expect(lines.pass(`kind ${i}`, 'x')).toBe('x');
    expect(lines.pass('kind 0', 'x')).toBe('x');
    expect(lines.pass('kind 299', 'x')).toBeUndefined();
  });
});
