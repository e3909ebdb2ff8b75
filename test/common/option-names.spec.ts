import { describe, expect, it } from '@jest/globals';
import { checkOptionNames, optionFault, type OptionNames, pickOptions } from '../../lib/common/option-names.js';

interface Options {
  readonly queue: string;
  readonly concurrency?: number | undefined;
}

const NAMES = { queue: true, concurrency: true } satisfies OptionNames<Options>;
// @ts-expect-error A table without a name of the options must not compile.
const TOO_FEW = { queue: true } satisfies OptionNames<Options>;
// @ts-expect-error A table with another name must not compile.
const TOO_MANY = { queue: true, concurrency: true, more: true } satisfies OptionNames<Options>;

describe('the names of options', () => {
  it('pass if the table lists them, and the object is returned unchanged', () => {
    const options = { queue: 'jobs', concurrency: undefined };
    expect(checkOptionNames<Options>('Worker', options, NAMES)).toBe(options);
    expect([optionFault({}, TOO_FEW), optionFault({}, TOO_MANY as never)]).toEqual([undefined, undefined]);
  });

  it.each<[options: unknown, text: string]>([
    [{ queue: 'jobs', concurency: 1 }, 'Worker: unknown option concurency; did you mean concurrency?'],
    [{ concurency: undefined }, 'Worker: unknown option concurency; did you mean concurrency?'],
    [{ QueueUrl: 'x' }, 'Worker: unknown option QueueUrl; did you mean queue?'],
    [{ prefetch: 5 }, 'Worker: unknown option prefetch; did you mean concurrency?'],
    [{ con: 5 }, 'Worker: unknown option con; did you mean concurrency?'],
    [{ queueArn: 'x' }, 'Worker: unknown option queueArn; did you mean queue?'],
    [{ co: 5 }, 'Worker: unknown option co; the options are queue, concurrency'],
    [{ constructor: 5 }, 'Worker: unknown option constructor; the options are queue, concurrency'],
    [JSON.parse('{"__proto__": 5}'), 'Worker: unknown option __proto__; the options are queue, concurrency'],
    [5, 'Worker: the options must be an object, got 5'],
  ])('are refused with a suggestion: %j', (options, text) => {
    expect(() => checkOptionNames<Options>('Worker', options as Options, NAMES)).toThrow(new TypeError(text));
  });

  it('of a nested object are named with their path', () => {
    expect(optionFault({ que: 1 }, NAMES, 'source')).toBe('unknown option source.que; did you mean source.queue?');
    expect(optionFault(null, NAMES, 'source')).toBe('source must be an object, got null');
  });
});

describe('pickOptions', () => {
  it('copies the listed options only', () => {
    const options = { queue: 'jobs', service: 'Jobs', constructor: 1 };
    expect(pickOptions(options, { queue: true })).toEqual({ queue: 'jobs' });
  });
});
