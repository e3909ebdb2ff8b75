import { BadRequestException } from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import { concat, lastValueFrom, of, throwError, timer } from 'rxjs';

const hostile = Object.defineProperty({}, 'message', {
  get() {
    throw new Error('do not read me');
  },
});
const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;

/** Ways in which a handler fails. */
export const FAILURES: [string, () => unknown][] = [
  [
    'throws',
    () => {
      throw new Error('broken');
    },
  ],
  ['rejects', () => Promise.reject(new Error('broken'))],
  [
    'rejects later',
    () =>
      lastValueFrom(timer(5)).then(() => {
        throw new Error('broken');
      }),
  ],
  ['returns an erroring observable', () => throwError(() => new Error('broken'))],
  [
    'returns an observable that errors after three values',
    () =>
      concat(
        of(1, 2, 3),
        throwError(() => new Error('broken')),
      ),
  ],
  ['returns a promise of an erroring observable', () => Promise.resolve(throwError(() => new Error('broken')))],
  [
    'throws an RpcException',
    () => {
      throw new RpcException('broken');
    },
  ],
  [
    'throws an HttpException',
    () => {
      throw new BadRequestException('broken');
    },
  ],
  [
    'throws a string',
    () => {
      throw 'broken';
    },
  ],
  [
    'throws undefined',
    () => {
      throw undefined;
    },
  ],
  [
    'throws null',
    () => {
      throw null;
    },
  ],
  [
    'throws a number',
    () => {
      throw 7;
    },
  ],
  [
    'throws a symbol',
    () => {
      throw Symbol('broken');
    },
  ],
  [
    'throws a frozen object',
    () => {
      throw Object.freeze({ a: 1 });
    },
  ],
  [
    'throws an object whose getters throw',
    () => {
      throw hostile;
    },
  ],
  [
    'throws a cyclic object',
    () => {
      throw cyclic;
    },
  ],
  [
    'throws an object without a prototype',
    () => {
      throw Object.create(null);
    },
  ],
];
