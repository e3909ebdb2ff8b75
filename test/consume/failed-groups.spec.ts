import { describe, expect, it } from '@jest/globals';
import { FailedGroups } from '../../lib/consume/failed-groups.js';

const first = { receiveCount: 1 };

describe('failed groups', () => {
  it('expects a failed message up to 30 s after its delay and while another attempt runs', () => {
    const heads = new FailedGroups({ maxReceiveCount: 6, target: 'dead' }, Infinity);
    heads.failed('g', 100_000);
    expect(heads.mayCome(100_000, 0)).toBe(false);
    heads.behind('g', { receiveCount: 3 });
    expect([79_000, 80_000, 130_000].map((now) => heads.mayCome(now, 20_000))).toEqual([false, true, true]);
    heads.received('g', first);
    expect(heads.mayCome(150_000, 0)).toBe(true);
    heads.failed('g', 200_000);
    heads.left('g', 170_000);
    expect([170_000, 200_000].map((now) => heads.mayCome(now, 0))).toEqual([false, true]);
    heads.received('g', first);
    heads.left('g', 230_000);
    expect([229_000, 260_000, 260_001, 230_000].map((now) => heads.mayCome(now, 0))).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });

  it('stops expecting a failed message once the message is gone for good', () => {
    const heads = new FailedGroups({ maxReceiveCount: 2, target: 'dead' }, Infinity);
    heads.failed('g', 0);
    heads.behind('g', first);
    expect(heads.mayCome(0, 0)).toBe(true);
    heads.gone('g');
    expect(heads.mayCome(0, 0)).toBe(false);
  });

  it('takes a message that comes again as failed, although another worker saw it fail', () => {
    const heads = new FailedGroups({ maxReceiveCount: 3, target: 'dead' }, Infinity);
    heads.received('fresh', first);
    heads.behind('fresh', first);
    expect(heads.mayCome(0, 0)).toBe(false);
    heads.received('failed', { receiveCount: 2 });
    heads.behind('failed', { receiveCount: 2 });
    expect(heads.mayCome(0, 0)).toBe(true);
  });

  it.each([
    ['unknown', 1],
    [3, 1],
    [5, 1],
    [6, 3],
    [10, 5],
    [1_000, 500],
  ] as const)('with a limit of %s lets a message wait for its turn until it has %d receives', (limit, receives) => {
    const redrive = limit === 'unknown' ? limit : { maxReceiveCount: limit, target: 'dead' };
    const expects = (receiveCount: number): boolean => {
      const heads = new FailedGroups(redrive, Infinity);
      heads.failed('g', 0);
      heads.behind('g', { receiveCount });
      return heads.mayCome(0, 0);
    };
    expect([expects(receives - 1), expects(receives)]).toEqual([false, true]);
  });
});
