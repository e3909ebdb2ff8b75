import { describe, expect, it } from '@jest/globals';
import { withDeadline } from '../../../lib/carriers/sqs/request-deadline.js';

const late = (): Error => new Error('late');
const never = (): Promise<never> => new Promise(() => undefined);

describe('withDeadline', () => {
  it('rejects at the deadline and aborts a task without an answer', async () => {
    let signal: AbortSignal | undefined;
    const task = (given: AbortSignal): Promise<never> => {
      signal = given;
      return never();
    };
    await expect(withDeadline({ ms: 1, late }, task)).rejects.toThrow('late');
    expect(signal?.aborted).toBe(true);
  });

  it.each<[what: string, then: () => Promise<string>, result: string]>([
    ['ends with another result', async () => 'changed', 'changed'],
    ['fails', () => Promise.reject(new Error('no metrics')), 'answer'],
    ['never ends', never, 'answer'],
  ])('resolves with the known result of a task that %s', async (_, then, result) => {
    const task = (_signal: AbortSignal, answered: (value: string) => void): Promise<string> => {
      answered('answer');
      return then();
    };
    expect(await withDeadline({ ms: 1, late }, task)).toBe(result);
  });

  it('resolves with the known result of a task that is cut', async () => {
    const controller = new AbortController();
    const cuts = [{ signal: controller.signal, error: () => new Error('cut') }];
    const running = withDeadline<string>({ ms: 60_000, late, cuts }, (_, answered) => {
      answered('answer');
      return never();
    });
    controller.abort();
    expect(await running).toBe('answer');
    await expect(withDeadline({ ms: 60_000, late, cuts }, never)).rejects.toThrow('cut');
  });
});
