import { describe, expect, it } from '@jest/globals';
import type { AbortSource } from '../../../lib/queue/abort-source.js';
import { withDeadline } from '../../../lib/carriers/sqs/request-deadline.js';

const late = (): Error => new Error('late');
const never = (): Promise<never> => new Promise(() => undefined);

describe('withDeadline', () => {
  it('rejects at the deadline and aborts a task without an answer', async () => {
    let aborts: AbortSource | undefined;
    const task = (given: AbortSource): Promise<never> => {
      aborts = given;
      return never();
    };
    await expect(withDeadline({ ms: 1, late }, task)).rejects.toThrow('late');
    expect(aborts?.signal.aborted).toBe(true);
  });

  it.each<[what: string, then: () => Promise<string>, result: string]>([
    ['ends with another result', async () => 'changed', 'changed'],
    ['fails', () => Promise.reject(new Error('no metrics')), 'answer'],
    ['never ends', never, 'answer'],
  ])('resolves with the known result of a task that %s', async (_, then, result) => {
    const task = (_aborts: AbortSource, answered: (value: string) => void): Promise<string> => {
      answered('answer');
      return then();
    };
    expect(await withDeadline({ ms: 1, late }, task)).toBe(result);
  });

  it('resolves with the known result of a task that is cut', async () => {
    const controller = new AbortController();
    const cuts = [{ aborts: controller.signal, error: () => new Error('cut') }];
    const running = withDeadline<string>({ ms: 60_000, late, cuts }, (_, answered) => {
      answered('answer');
      return never();
    });
    controller.abort();
    expect(await running).toBe('answer');
    await expect(withDeadline({ ms: 60_000, late, cuts }, never)).rejects.toThrow('cut');
  });
});
