import { describe, expect, it } from '@jest/globals';
import { RepeatedLines } from '../../lib/nest/repeated-lines.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';

describe('lines of one kind', () => {
  it('writes a repeated line every ten seconds with the number of omitted lines', async () => {
    const clock = new VirtualClock(0);
    const lines = new RepeatedLines(clock);
    const passed: unknown[] = [];
    for (let second = 0; second < 25; second += 1) {
      passed.push(lines.pass('down', () => `at ${second}`));
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
      passed.push(lines.pass('down', () => `at ${second}`, { several: 3 }));
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
    expect(['a', 'b', 'a'].map((kind) => lines.pass(kind, () => kind))).toEqual(['a', 'b', undefined]);
  });

  it('forgets the oldest kinds when there are too many', async () => {
    const clock = new VirtualClock(0);
    const lines = new RepeatedLines(clock);
    const pass = (kind: number): string | undefined => lines.pass(`kind ${kind}`, () => 'x', { everyMs: 60_000 });
    for (let i = 0; i < 150; i += 1) pass(i);
    await clock.advance(10_000);
    for (let i = 150; i < 300; i += 1) pass(i);
    await clock.advance(10_000);
    expect([pass(0), pass(299)]).toEqual(['x', undefined]);
  });

  it('writes at most 200 lines of all kinds in ten seconds, and then how many it left out', async () => {
    const clock = new VirtualClock(0);
    const lines = new RepeatedLines(clock);
    const made: number[] = [];
    const pass = (kind: number): string | undefined =>
      lines.pass(`kind ${kind}`, () => {
        made.push(kind);
        return 'x';
      });
    const passed = Array.from({ length: 5_000 }, (_, i) => pass(i)).filter((line) => line !== undefined);
    expect([passed.length, made.length]).toEqual([200, 200]);
    await clock.advance(10_000);
    expect(pass(5_000)).toBe('x (4800 lines of other kinds were left out)');
    expect(pass(5_001)).toBe('x');
  });
});
