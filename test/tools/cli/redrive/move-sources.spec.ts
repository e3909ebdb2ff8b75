import { describe, expect, it } from '@jest/globals';
import { QueueError } from '../../../../lib/queue/queue-error.js';
import { MoveSources } from '../../../../lib/tools/cli/redrive/move-sources.js';

const ARN = 'arn:aws:sqs:us-east-1:000000000000:orders';

/** Sources of a dead-letter queue that lists these queues, or refuses to. */
function sources(
  listed: readonly string[] | Error,
  given: readonly string[] = [],
): { sources: MoveSources; readonly asked: () => number } {
  let asked = 0;
  const deadLetterSources = (): Promise<ReadonlySet<string>> => {
    asked += 1;
    return listed instanceof Error ? Promise.reject(listed) : Promise.resolve(new Set(listed));
  };
  return { sources: new MoveSources({ deadLetterSources }, given), asked: () => asked };
}

describe('the queue that a dead letter goes back to', () => {
  it.each<[string, { arn: string } | { noted: string }, readonly string[], readonly string[], string]>([
    ['the ARN that SQS names, without a look at the list', { arn: ARN }, [], [], ARN],
    ['a noted name that the dead-letter queue lists', { noted: 'orders' }, ['orders'], [], 'orders'],
    ['a noted name that the operator gives', { noted: 'orders' }, [], ['orders'], 'orders'],
    ['the ARN that the operator gives for a noted name', { noted: 'orders' }, [], [ARN], ARN],
  ])('is %s', async (_, source, listed, given, found) => {
    expect(await sources(listed, given).sources.find(source)).toBe(found);
  });

  it.each<[string, { noted: string } | undefined, readonly string[] | Error, RegExp]>([
    ['nobody names', undefined, ['orders'], /source queue is unknown; give a destination with --to/],
    [
      'only a note names',
      { noted: 'admin' },
      ['orders'],
      /no redrive policy to this dead-letter queue.* --source admin/,
    ],
    ['is listed under a longer name', { noted: 'orders' }, ['orders-2'], /no redrive policy/],
    ['is listed in other letters', { noted: 'Orders' }, ['orders'], /no redrive policy/],
    [
      'only a note names, without a list',
      { noted: 'orders' },
      new QueueError('no', { code: 'AccessDenied', kind: 'denied', queue: 'q' }),
      /cannot be listed \(AccessDenied\).* --source/,
    ],
  ])('is not a queue that %s', async (_, source, listed, refusal) => {
    await expect(sources(listed).sources.find(source)).rejects.toThrow(refusal);
  });

  it('asks for the list once, however many notes name a queue', async () => {
    const { sources: known, asked } = sources(['orders']);
    await Promise.all(Array.from({ length: 5 }, () => known.find({ noted: 'orders' })));
    await known.find({ noted: 'admin' }).catch(() => undefined);
    expect(asked()).toBe(1);
  });
});
