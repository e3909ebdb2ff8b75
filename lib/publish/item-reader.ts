import { describeOption } from '../common/option-names.js';

/** Items of an emission, which may be endless, slow, or fail. */
export type Items<Item> = Iterable<Item> | AsyncIterable<Item>;

type Iteration<Item> = Iterator<Item | PromiseLike<Item>> | AsyncIterator<Item>;

/**
 * Reads items one by one, as `for await` does. A stop ends the wait for an item that may never
 * arrive.
 */
export class ItemReader<Item> {
  private iterator: Iteration<Item> | undefined;
  private state: 'idle' | 'waiting' | 'ended' = 'idle';
  private interrupt: (() => void) | undefined;

  /** @throws TypeError the items are not iterable */
  constructor(private readonly items: Items<Item>) {
    const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = Object(items) as Record<symbol, unknown>;
    if (typeof later === 'function' || typeof now === 'function') return;
    throw new TypeError(`emitAll: the items must be iterable, got ${describeOption(items)}`);
  }

  /**
   * Returns the next item. Undefined at the end and after {@link stop}.
   *
   * @throws unknown the iterable failed
   */
  next(): Promise<{ readonly item: Item } | undefined> {
    return new Promise((resolve, reject) => {
      this.interrupt = () => resolve(undefined);
      this.read().then(resolve, reject);
    });
  }

  /** Ends the wait for an item. An item that arrives later is dropped. */
  stop(): void {
    this.interrupt?.();
  }

  /** Lets the iterable clean up, unless it has ended. Does not wait for an iterable that is busy. */
  async close(): Promise<void> {
    if (this.state === 'ended') return;
    const closed = this.cleanUp().catch(() => undefined);
    if (this.state === 'idle') await closed;
  }

  private async read(): Promise<{ readonly item: Item } | undefined> {
    this.state = 'waiting';
    try {
      this.iterator ??= iterate(this.items);
      const result = (await this.iterator.next()) as IteratorResult<Item> | undefined;
      if (typeof result !== 'object') throw new TypeError('the iterator returned no object');
      this.state = result.done ? 'ended' : 'idle';
      return result.done ? undefined : { item: await result.value };
    } catch (error) {
      if (this.state === 'waiting') this.state = 'ended';
      throw error;
    }
  }

  private async cleanUp(): Promise<void> {
    await this.iterator?.return?.();
  }
}

function iterate<Item>(items: Items<Item>): Iteration<Item> {
  const { [Symbol.asyncIterator]: later } = items as Partial<AsyncIterable<Item>>;
  return later ? later.call(items as AsyncIterable<Item>) : (items as Iterable<Item>)[Symbol.iterator]();
}
