import { runInNewContext } from 'node:vm';
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

/** Options as a class with getters, as a typed configuration service has them. */
class FromClass {
  get queue(): string {
    return 'jobs';
  }

  get concurrency(): number {
    return 5;
  }

  reload(): void {
    // A method is no option.
  }
}

class WithMistake extends FromClass {
  get concurency(): number {
    return 6;
  }
}

/** Copies options to a new object with a prototype. */
const on = (prototype: object | null, options: object): Options =>
  Object.assign(Object.create(prototype) as object, options) as Options;

const both = { queue: 'jobs', concurrency: 5 };

const OTHER_OBJECTS: readonly (readonly [what: string, options: Options])[] = [
  ['a frozen object', Object.freeze({ ...both })],
  ['an object without a prototype', on(null, both)],
  ['an object with defaults as its prototype', on({ concurrency: 5 }, { queue: 'jobs' })],
  ['an object of a class with getters', new FromClass()],
  [
    'an object of a class from another realm',
    runInNewContext("new (class { get queue() { return 'jobs' } get concurrency() { return 5 } })()") as Options,
  ],
  ['an object with enumerable methods', on({ reload: () => undefined }, both)],
  ['a proxy', new Proxy({ ...both }, {})],
];

describe('options that are no plain object', () => {
  it.each(OTHER_OBJECTS)('are read like plain options: %s', (_, given) => {
    const options = checkOptionNames('Worker', given, NAMES);
    expect(pickOptions(options, NAMES)).toEqual({ queue: 'jobs', concurrency: 5 });
  });

  it.each<[what: string, options: Options]>([
    ['inherited', on({ concurency: 5 }, { queue: 'jobs' })],
    ['of a getter of the class', new WithMistake()],
  ])('are refused for an unknown name that is %s', (_, given) => {
    expect(() => checkOptionNames('Worker', given, NAMES)).toThrow(
      new TypeError('Worker: unknown option concurency; did you mean concurrency?'),
    );
  });

  it.each<[got: string, options: unknown]>([
    ['a promise; await it', Promise.resolve({ queue: 'jobs' })],
    ['a promise; await it', runInNewContext('Promise.resolve(1)')],
    ['a Map', new Map([['queue', 'jobs']])],
    ['a Set', new Set(['queue'])],
    ['an array', runInNewContext('[]')],
    ['an object', { then: () => undefined }],
  ])('are refused if they can hold no options: %s', (got, options) => {
    expect(optionFault(options, NAMES)).toBe(`the options must be an object, got ${got}`);
  });

  it('let the error of their getter pass', () => {
    const failure = new Error('no configuration');
    const options = Object.defineProperty({}, 'queue', {
      enumerable: true,
      get: () => {
        throw failure;
      },
    });
    expect(() => pickOptions(options as Options, NAMES)).toThrow(failure);
  });
});

describe('pickOptions', () => {
  it('copies the listed options only', () => {
    const options = { queue: 'jobs', service: 'Jobs', constructor: 1 };
    expect(pickOptions(options, { queue: true })).toEqual({ queue: 'jobs' });
  });
});
