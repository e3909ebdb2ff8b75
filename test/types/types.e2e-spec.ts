import { describe, expect, it } from '@jest/globals';
import { compileCases } from './compile.js';

const cases = compileCases();

describe('the compiler', () => {
  it('checks at least 40 cases, of which at least 20 must not compile', () => {
    expect(cases.length).toBeGreaterThanOrEqual(40);
    expect(cases.filter(({ expected }) => expected.size > 0).length).toBeGreaterThanOrEqual(20);
    expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
  });

  it.each(cases)('$title', ({ expected, found }) => {
    expect([...found.keys()]).toEqual([...expected.keys()]);
    for (const [line, marker] of expected) {
      const [code, ...part] = marker.split(' ');
      expect(found.get(line)).toMatch(new RegExp(`^${code!} `));
      expect(found.get(line)).toContain(part.join(' '));
    }
  });
});
