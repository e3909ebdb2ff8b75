import { describe, expect, it } from '@jest/globals';
import { setNewest } from '../../lib/common/newest-entries.js';

describe('the newest entries of a map', () => {
  it('stay, and the entry that was set longest ago goes first', () => {
    const map = new Map<string, number>();
    for (const [at, key] of ['a', 'b', 'a', 'c'].entries()) setNewest(map, key, at, 2);
    expect([...map]).toEqual([
      ['a', 2],
      ['c', 3],
    ]);
  });
});
