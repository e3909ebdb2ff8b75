import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type LinkedItem, LinkedItems } from '../../lib/common/linked-items.js';

class Item implements LinkedItem<Item> {
  before: Item | undefined;
  after: Item | undefined;

  constructor(readonly name: number) {}
}

const names = (items: Iterable<Item>): number[] => [...items].map(({ name }) => name);

describe('LinkedItems', () => {
  it('holds the same items in the same order as a Set, whatever is added and removed', () => {
    const step = fc.record({ add: fc.boolean(), at: fc.nat(7) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const items = Array.from({ length: 8 }, (_, name) => new Item(name));
        const list = new LinkedItems<Item>();
        const model = new Set<Item>();
        for (const { add, at } of steps) {
          const item = items[at]!;
          if (add) model.add(item);
          else expect(list.has(item)).toBe(model.has(item));
          if (add) list.add(item);
          else expect(list.delete(item)).toBe(model.delete(item));
          expect([list.size, ...names(list)]).toEqual([model.size, ...names(model)]);
        }
      }),
    );
  });

  it('leaves no link at a removed item', () => {
    const list = new LinkedItems<Item>();
    const items = [1, 2, 3].map((name) => new Item(name));
    for (const item of items) list.add(item);
    list.delete(items[1]!);
    expect([items[1]!.before, items[1]!.after]).toEqual([undefined, undefined]);
    list.clear();
    expect(items.flatMap(({ before, after }) => [before, after])).toEqual(new Array(6).fill(undefined));
    expect(list.size).toBe(0);
  });

  it('passes over an item that was removed before its turn', () => {
    const list = new LinkedItems<Item>();
    const items = [1, 2, 3].map((name) => new Item(name));
    for (const item of items) list.add(item);
    const seen: number[] = [];
    for (const { name } of list) {
      seen.push(name);
      list.delete(items[1]!);
    }
    expect(seen).toEqual([1, 3]);
  });
});
