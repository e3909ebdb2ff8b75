import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { PROTOCOLS } from '../vectors/protocols.js';
import { codecError, structOf } from './harness.js';

const IDL =
  'struct Item { 1: string name, 2: optional i64 size } struct S { 1: Item item, 2: map<string, string> labels }';

/** A lazy promise of a library: a plain object with methods. */
const lazy = { then: () => undefined, catch: () => undefined, finally: () => undefined };

/** Objects whose content is in no property. */
const OPAQUE: readonly (readonly [what: string, value: unknown, got: string])[] = [
  ['a promise', Promise.resolve({ name: 'a' }), 'a promise; await it'],
  ['a promise of another realm', runInNewContext('Promise.resolve(1)'), 'a promise; await it'],
  ['a Date', new Date(0), 'a Date'],
  ['a Map of another realm', runInNewContext('new Map([["name", "a"]])'), 'a Map'],
  ['a Set of another realm', runInNewContext('new Set(["a"])'), 'a Set'],
  ['a WeakMap', new WeakMap(), 'an object'],
  ['a WeakSet', new WeakSet(), 'an object'],
  ['a RegExp', /a/, 'an object'],
  ['an ArrayBuffer', new ArrayBuffer(4), 'an object'],
  ['a boxed number', Object(5), 'an object'],
  ['a boxed empty string', Object(''), 'an object'],
];

describe.each(PROTOCOLS)('an object whose content is in no property, in %s', (protocol) => {
  const codecs = (['error', 'ignore'] as const).map((unknownFields) => structOf(IDL, 'S', { protocol, unknownFields }));

  it.each(OPAQUE)('is refused as a struct, and not sent without fields: %s', (_, item, got) => {
    for (const codec of codecs) {
      expect(codecError(() => codec.encode({ item })).message).toBe(`item: expected Item (an object), got ${got}`);
    }
  });

  it('is refused as a struct if it is a lazy promise of a library', () => {
    for (const codec of codecs) {
      const error = codecError(() => codec.encode({ item: lazy }));
      expect(error).toMatchObject({ reason: 'wrong-type', path: 'item' });
      expect(error.message).toContain('got a promise; await it');
    }
  });

  it.each([
    ...OPAQUE.filter(([what]) => !what.startsWith('a Map')),
    ['Headers', new Headers({ a: 'b' }), 'an object'],
    ['URLSearchParams', new URLSearchParams('a=b'), 'an object'],
    ['a generator', (function* () {})(), 'an object'],
  ] as const)('is refused as a map, and not sent without entries: %s', (_, labels, got) => {
    for (const codec of codecs) {
      const message = `labels: expected map (a Map, an object or an array of pairs), got ${got}`;
      expect(codecError(() => codec.encode({ labels })).message).toBe(message);
    }
  });

  it('is not confused with an object of a class, or with an empty object', () => {
    class Lazy {
      get name(): string {
        return 'a';
      }
    }
    for (const codec of codecs) {
      expect(codec.decode(codec.encode({ item: new Lazy() }))).toMatchObject({ item: { name: 'a' } });
      expect(codec.decode(codec.encode({ item: {}, labels: {} }))).toMatchObject({ item: {}, labels: new Map() });
      expect(codec.decode(codec.encode({ item: Object.create(null) }))).toMatchObject({ item: {} });
      expect(codec.decode(codec.encode({ labels: runInNewContext('new Map([["a", "b"]])') }))).toMatchObject({
        labels: new Map([['a', 'b']]),
      });
    }
  });
});
