import { describe, expect, it } from '@jest/globals';
import { HandlersFailedError, QueueError, RetryEventException } from 'nestjs-sqs-thrift';
import { errorType, limitValues } from '#lib/operations/metrics/error-type.js';

class PaymentError extends Error {}

function named(name: unknown, more: object = {}): Error {
  return Object.assign(new Error('no'), { name, ...more });
}

const unreadable = new Proxy(new Error('no'), {
  get: () => {
    throw new Error('a getter that throws');
  },
});

describe('errorType', () => {
  it.each([
    ['the code of an error of this package', new RetryEventException(), 'retry-event'],
    [
      'the code of the carrier',
      new QueueError('no', { code: 'AccessDenied', kind: 'denied', queue: 'jobs' }),
      'AccessDenied',
    ],
    ['the class of an error of the application', new PaymentError('card 1234 is empty'), 'PaymentError'],
    ['the name that an error gives itself', named('ThrottlingException'), 'ThrottlingException'],
    ['the code of an error of Node', named('Error', { code: 'ECONNRESET' }), 'ECONNRESET'],
    ['the class of an error of JavaScript', new TypeError('no'), 'TypeError'],
    ['Error without a name and a code', new Error('no'), 'Error'],
    ['the class if the name is a message', Object.assign(new PaymentError(), { name: 'no card 1234' }), 'PaymentError'],
    ['_OTHER for a message as the name', named('card 1234 is empty'), '_OTHER'],
    ['_OTHER for a name that is no text', named({}), '_OTHER'],
    ['_OTHER for a long name', named('a'.repeat(65)), '_OTHER'],
    ['_OTHER for an error that cannot be read', unreadable, '_OTHER'],
    ['_OTHER without a class', Object.create(null), '_OTHER'],
    ['_OTHER for a thrown object, as Nest makes of unknown errors', { status: 'error' }, '_OTHER'],
    ['the type of a thrown text', 'card 1234 is empty', 'string'],
    ['undefined for a thrown undefined', undefined, 'undefined'],
    ['null for a thrown null', null, 'null'],
    [
      'the type that all failed handlers share',
      new HandlersFailedError([new PaymentError(), new PaymentError()]),
      'PaymentError',
    ],
    [
      'the code of several failed handlers with several errors',
      new HandlersFailedError([new PaymentError(), new TypeError()]),
      'handlers-failed',
    ],
  ])('returns %s', (_, error, expected) => {
    expect(errorType(error)).toBe(expected);
  });
});

describe('limitValues', () => {
  it('passes on the first values, also later, and replaces all others', () => {
    const limit = limitValues(2);
    expect(['a', 'b', 'c', 'a', 'd', 'b'].map(limit)).toEqual(['a', 'b', '_OTHER', 'a', '_OTHER', 'b']);
  });
});
