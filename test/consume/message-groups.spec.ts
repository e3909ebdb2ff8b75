import { describe, expect, it } from '@jest/globals';
import { MessageGroups } from '../../lib/consume/message-groups.js';
import { turns } from './harness.js';

/** Items such as `a1`, where the first character is the group; `-1` has none. */
class GroupBench {
  readonly started: string[] = [];
  readonly returned: string[] = [];
  /** What was told of slots: of an item that waits, of one that ended and is followed or not, and of what was given back. */
  readonly told: string[] = [];
  /** Items in hand, by what they were told to do. */
  running = 0;
  waiting = 0;
  private readonly ends = new Map<string, (ok: boolean) => void>();
  readonly groups = new MessageGroups<string>({
    keyOf: (item) => (item.startsWith('-') ? undefined : item[0]),
    run: (item) => {
      this.started.push(item);
      return new Promise((resolve) => this.ends.set(item, resolve));
    },
    waits: (item) => void this.told.push(`${item} waits`),
    ended: (followed) => void this.told.push(followed ? 'followed' : 'ended'),
    release: (items, waited) => {
      this.returned.push(...items);
      this.told.push(...items.map((item) => `${item} back${waited ? ' from waiting' : ''}`));
    },
  });

  push(...items: string[]): this {
    for (const item of items) this.groups.push(item);
    return this;
  }

  async end(item: string, ok = true): Promise<void> {
    this.ends.get(item)!(ok);
    await turns(1);
  }
}

describe('message groups', () => {
  it('runs one item of a group at a time, in order, and different groups concurrently', async () => {
    const bench = new GroupBench().push('a1', 'a2', 'b1', 'a3', 'b2');
    expect(bench.started).toEqual(['a1', 'b1']);
    await bench.end('a1');
    await bench.end('b1');
    await bench.end('a2');
    expect(bench.started).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
  });

  it('runs items without a group at once', () => {
    expect(new GroupBench().push('-1', '-2', '-3').started).toEqual(['-1', '-2', '-3']);
  });

  it('releases the items behind a failed item in order and leaves other groups running', async () => {
    const bench = new GroupBench().push('a1', 'a2', 'a3', 'b1', 'b2');
    await bench.end('a1', false);
    await bench.end('b1');
    expect([bench.returned, bench.started]).toEqual([
      ['a2', 'a3'],
      ['a1', 'b1', 'b2'],
    ]);
  });

  it('starts the next item of a group after the last item has failed or succeeded', async () => {
    const bench = new GroupBench().push('a1');
    await bench.end('a1', false);
    bench.push('a1again');
    expect(bench.started).toEqual(['a1', 'a1again']);
    await bench.end('a1again');
    bench.push('a2');
    expect(bench.started).toEqual(['a1', 'a1again', 'a2']);
    expect(bench.returned).toEqual([]);
  });

  it('releases no item when an item without a group fails', async () => {
    const bench = new GroupBench().push('-1', '-2');
    await bench.end('-1', false);
    expect(bench.returned).toEqual([]);
  });

  it('releases waiting and new items after close and lets running items end', async () => {
    const bench = new GroupBench().push('a1', 'a2', 'b1');
    bench.groups.close();
    bench.push('a3', 'c1', '-1');
    expect(bench.returned).toEqual(['a2', 'a3', 'c1', '-1']);
    await bench.end('a1');
    expect(bench.started).toEqual(['a1', 'b1']);
    expect(bench.returned).toHaveLength(4);
  });

  it('reports when an item waits, ends with or without a successor, or is released', async () => {
    const bench = new GroupBench().push('a1', 'a2', 'a3', '-1', 'b1');
    await bench.end('a1');
    await bench.end('-1');
    await bench.end('a2', false);
    bench.groups.close();
    bench.push('c1');
    await bench.end('b1');
    expect(bench.told).toEqual([
      ...['a2 waits', 'a3 waits'],
      ...['followed', 'ended'],
      ...['a3 back from waiting', 'ended', 'c1 back', 'ended'],
    ]);
  });
});
