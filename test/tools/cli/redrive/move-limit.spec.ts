import { describe, expect, it } from '@jest/globals';
import { MoveLimit } from '../../../../lib/tools/cli/redrive/move-limit.js';

describe('MoveLimit', () => {
  it('offers a cancelled claim again and keeps a confirmed claim', () => {
    const limit = new MoveLimit(3);
    for (const _ of [1, 2, 3]) limit.claim();
    expect(limit.left).toBe(0);
    limit.cancel();
    limit.confirm();
    expect(limit.left).toBe(1);
  });

  it('is reached when as many moves as the limit are confirmed', () => {
    const limit = new MoveLimit(2);
    for (const _ of [1, 2]) limit.claim();
    limit.confirm();
    expect(limit.reached.aborted).toBe(false);
    limit.confirm();
    expect(limit.reached.aborted).toBe(true);
  });

  it('is never reached without a limit', () => {
    const limit = new MoveLimit();
    for (let at = 0; at < 1_000; at += 1) {
      limit.claim();
      limit.confirm();
    }
    expect([limit.left, limit.reached.aborted]).toEqual([Infinity, false]);
  });
});
