import { type Clock, SingleTimer } from '../../queue/clock.js';
import type { QueueError } from '../../queue/queue-error.js';
import type { ItemSource, TakenItem, TakenItems } from './item-source.js';

/** Pauses in ms between two questions to an empty queue. */
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;
/** Largest number of questions at a time. */
const MOST_AT_ONCE = 64;
/** Full answers in a row after which the end of an item asks for the next. */
const FULL_TO_ASK_AHEAD = 2;
/** Time in ms for a receive to take an item that came with the end of another. */
const UNCLAIMED_MS = 250;

/**
 * Takes items for receives. Asks an empty queue once at a time, so that an idle worker costs one
 * question each quarter of a second, and asks for more at once only after an item came.
 *
 * While receives come back full, the command that ends an item also asks for the next one, where the
 * dialect can do both. The next receive hands out that item. If none comes soon, as during a stop,
 * the item goes back to the server.
 */
export class ItemIntake {
  private empty = 0;
  private atOnce = 1;
  /** Number of full answers in a row. */
  private full = 0;
  private failure: QueueError | undefined;
  /** Items that came with the end of others. */
  private next: TakenItem[] = [];
  private readonly unclaimed: SingleTimer;

  constructor(
    private readonly source: ItemSource,
    clock: Clock,
  ) {
    this.unclaimed = new SingleTimer(clock, () => void this.putNextBack());
  }

  /**
   * Takes up to `max` items. Rejects with a QueueError if no item came and a question failed, or if a
   * question of the receive before failed. Its items arrived.
   *
   * @param waitMs longest time that a server may wait for a first item
   */
  async take(max: number, waitMs: number): Promise<readonly TakenItem[]> {
    const next = this.takeNext(max);
    if (next.length > 0) return next;
    this.throwFailure();
    const items = (await this.askForSeveral(Math.min(this.atOnce, max))) ?? (await this.askForFirst(max, waitMs));
    this.empty = items.length > 0 ? 0 : this.empty + 1;
    return items;
  }

  /** Takes a handled item out of the queue for good, and asks for the next one if more are likely. */
  async finish(item: TakenItem): Promise<void> {
    const takesNext = this.full >= FULL_TO_ASK_AHEAD;
    const next = await this.source.finish(item, takesNext).catch((error: unknown) => {
      // The next item may be why it failed, so the next attempt asks for none.
      this.full = 0;
      throw error;
    });
    if (!takesNext) return;
    if (next === undefined) this.full = 0;
    else {
      this.next.push(next);
      this.unclaimed.start(UNCLAIMED_MS);
    }
  }

  /** Puts items back that no receive has taken, and asks for no more ahead. Never rejects. */
  async putNextBack(): Promise<void> {
    this.full = 0;
    this.unclaimed.cancel();
    await Promise.all(this.next.splice(0).map((item) => this.source.putBack(item)));
  }

  /** Milliseconds to wait before the next question to a queue that was empty. */
  get pauseMs(): number {
    if (this.empty === 0) return LONGEST_PAUSE_MS;
    return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.empty - 1, 10));
  }

  /** Takes the items that came with the end of others. The server has put back those of closed connections. */
  private takeNext(max: number): TakenItem[] {
    if (this.next.length === 0) return this.next;
    const taken = this.next.splice(0, max).filter(({ connection }) => connection?.isClosed !== true);
    if (this.next.length === 0) this.unclaimed.cancel();
    return taken;
  }

  /** Asks a queue that had as many items. Undefined if that is unknown, or the queue is empty. */
  private async askForSeveral(count: number): Promise<readonly TakenItem[] | undefined> {
    if (count === 1) return undefined;
    const items = this.learn(count, await this.source.take(count, 0));
    if (items.length > 0) return items;
    this.throwFailure();
    return undefined;
  }

  /** Asks for one item, and for another one after it came. */
  private async askForFirst(max: number, waitMs: number): Promise<readonly TakenItem[]> {
    const first = await this.source.take(1, Math.min(waitMs, LONGEST_PAUSE_MS));
    if (first.items.length === 0 || max === 1) {
      this.learn(1, first);
      if (first.items.length === 0) this.throwFailure();
      return first.items;
    }
    const second = await this.source.take(1, 0);
    return this.learn(2, { items: [...first.items, ...second.items], failure: second.failure });
  }

  /** Notes how many items the queue had. Grows while the queue has as many. */
  private learn(asked: number, { items, failure }: TakenItems): readonly TakenItem[] {
    const isFull = items.length === asked;
    this.failure ??= failure;
    this.full = isFull ? this.full + 1 : 0;
    this.atOnce = isFull ? Math.min(MOST_AT_ONCE, Math.max(this.atOnce, 2 * asked)) : Math.max(1, items.length);
    return items;
  }

  private throwFailure(): void {
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
  }
}
