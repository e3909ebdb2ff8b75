import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { ItemReader, type Items } from '#lib/publish/item-reader.js';
import { publishAll } from '#lib/publish/publish-all.js';
import type { PostedCall } from '#lib/publish/send-buffer.js';

async function readAll(items: unknown): Promise<unknown[]> {
  const reader = new ItemReader(items as Items<unknown>);
  const read: unknown[] = [];
  for (let next = await reader.next(); next; next = await reader.next()) read.push(next.item);
  await reader.close();
  return read;
}

const stored = (): Promise<PostedCall> => Promise.resolve({ stored: Promise.resolve('id') });
const thrown = (emission: Promise<unknown>): Promise<unknown> => emission.then(() => 'resolved', (error: unknown) => error); // prettier-ignore

/** An iterable that waits for ever after its first item, and notes its clean-up. */
function stuck(): { items: AsyncIterable<number>; returned: () => number } {
  let returned = 0;
  let taken = 0;
  const iterator: AsyncIterator<number> = {
    next: () => (taken++ === 0 ? Promise.resolve({ done: false, value: 1 }) : new Promise(() => undefined)),
    return: () => {
      returned += 1;
      return new Promise(() => undefined);
    },
  };
  return { items: { [Symbol.asyncIterator]: () => iterator }, returned: () => returned };
}

describe('the items of an emission', () => {
  it.each<[what: string, items: unknown]>([
    ['an array', [1, 2]],
    ['an array of another realm', runInNewContext('[1, 2]')],
    ['promises', [1, Promise.resolve(2)]],
    ['a Set', new Set([1, 2])],
    ['of a class without an asynchronous iterator', Object.assign([1, 2], { [Symbol.asyncIterator]: undefined })],
    ['a generator', (function* () { yield 1; yield 2; })()], // prettier-ignore
    ['an asynchronous generator', (async function* () { yield 1; yield 2; })()], // prettier-ignore
  ])('may be %s', async (_, items) => {
    expect(await readAll(items)).toEqual([1, 2]);
  });

  it.each<[got: string, items: unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['5', 5],
    ['an object', { length: 2 }],
    ['a promise; await it', Promise.resolve([1])],
    ['a function', () => [1]],
  ])('must be iterable: %s', async (got, items) => {
    const emission = publishAll(items as Items<number>, stored);
    expect(await thrown(emission)).toEqual(new TypeError(`emitAll: the items must be iterable, got ${got}`));
  });

  it.each<[what: string, items: unknown, index: number, text: string]>([
    ['whose creation throws', { [Symbol.iterator]: () => { throw new Error('gone'); } }, 0, 'gone'], // prettier-ignore
    ['that throws null', (function* () { yield 1; throw null; })(), 1, 'a thrown null'], // prettier-ignore
    ['that throws undefined', (async function* () { yield 1; throw undefined; })(), 1, 'a thrown undefined'], // prettier-ignore
    ['that throws a text', (function* () { yield 1; throw 'gone'; })(), 1, 'gone'], // prettier-ignore
    ['of a promise that rejects', [1, Promise.reject(new Error('gone'))], 1, 'gone'],
    ['without an iterator', { [Symbol.iterator]: () => 5 }, 0, 'this.iterator.next is not a function'],
    [
      'with a result that is no object',
      { [Symbol.iterator]: () => ({ next: () => 5 }) },
      0,
      'the iterator returned no object',
    ],
  ])('fail as EmitAllError: an iterable %s', async (_, items, index, text) => {
    expect(await thrown(publishAll(items as Items<number>, stored))).toMatchObject({
      code: 'emit-all-stopped',
      index,
      stored: index,
      failed: 0,
      message: expect.stringContaining(`: ${text}`),
    });
  });

  it('let a failed call stop the emission while the next item never arrives', async () => {
    const { items, returned } = stuck();
    const failing = (): Promise<PostedCall> =>
      Promise.resolve({ stored: new Promise((_, reject) => setImmediate(() => reject(new Error('queue gone')))) });
    expect(await thrown(publishAll(items, failing))).toMatchObject({ index: 0, stored: 0, failed: 1 });
    expect(returned()).toBe(1);
  });

  it('are given back once, and the error of the clean-up hides nothing', async () => {
    let returned = 0;
    const items = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false, value: 1 }),
        return: () => {
          returned += 1;
          throw new Error('clean-up failed');
        },
      }),
    };
    const refused = (): Promise<PostedCall> => Promise.reject(new Error('refused'));
    expect(await thrown(publishAll(items as unknown as Items<number>, refused))).toMatchObject({
      index: 0,
      message: expect.stringContaining(': refused'),
    });
    expect(returned).toBe(1);
  });

  it('are not given back after their end or their failure', async () => {
    let returned = 0;
    const of = (next: () => unknown): Items<number> =>
      ({ [Symbol.iterator]: () => ({ next, return: () => (returned += 1) }) }) as unknown as Items<number>;
    await publishAll(of(() => ({ done: true })), stored); // prettier-ignore
    await thrown(publishAll(of(() => { throw new Error('gone'); }), stored)); // prettier-ignore
    expect(returned).toBe(0);
  });

  it('may emit themselves while they are read', async () => {
    function* nested(): Generator<number> {
      for (let at = 0; at < 3; at += 1) {
        void publishAll([at], stored);
        yield at;
      }
    }
    expect(await publishAll(nested(), stored)).toMatchObject({ stored: 3 });
  });
});
