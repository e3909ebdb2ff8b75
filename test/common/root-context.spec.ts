import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import { inRootContext } from '#lib/common/root-context.js';

const context = new AsyncLocalStorage<string>();

describe('the root context', () => {
  it('shows no store of the caller, inside and after what a run awaits', async () => {
    const seen: unknown[] = [];
    await context.run('caller', async () => {
      await inRootContext(async () => {
        seen.push(context.getStore());
        await Promise.resolve();
        seen.push(context.getStore());
      });
      seen.push(context.getStore());
    });
    expect(seen).toEqual([undefined, undefined, 'caller']);
  });

  it('keeps nothing that a run enters', () => {
    const seen: unknown[] = [];
    context.run('caller', () => {
      inRootContext(() => context.enterWith('entered'));
      seen.push(context.getStore());
      inRootContext(() => seen.push(context.getStore()));
    });
    expect(seen).toEqual(['caller', undefined]);
  });

  it('passes a result and an error on', () => {
    expect(inRootContext(() => 7)).toBe(7);
    expect(() =>
      inRootContext(() => {
        throw new Error('by script');
      }),
    ).toThrow('by script');
  });
});
