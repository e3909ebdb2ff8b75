import { QueueError } from '../../queue/queue-error.js';
import type { ItemSource, TakenItem } from './item-source.js';

/** Pauses in ms between two questions to an empty queue. */
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;
/** Largest number of items that one receive takes beside its first. */
const MOST_AT_ONCE = 63;

/**
 * Takes items for receives. Asks once, and asks for more side by side only after an item came, so
 * that an idle worker costs one question each quarter of a second.
 */
export class ItemIntake {
  private empty = 0;
  private atOnce = 1;
  private failure: QueueError | undefined;

  constructor(
    private readonly source: ItemSource,
    private readonly queue: string,
  ) {}

  /**
   * Takes up to `max` items. Rejects with a QueueError if no item came and a question failed, or if a
   * question of the receive before failed. Its items arrived.
   *
   * @param waitMs longest time that a server may wait for a first item
   */
  async take(max: number, waitMs: number): Promise<TakenItem[]> {
    this.throwFailure();
    const first = await this.source.take(Math.min(waitMs, LONGEST_PAUSE_MS));
    if (first === undefined) {
      this.empty += 1;
      return [];
    }
    this.empty = 0;
    return [first, ...(await this.takeMore(Math.min(this.atOnce, max - 1)))];
  }

  /** Milliseconds to wait before the next question to a queue that was empty. */
  get pauseMs(): number {
    if (this.empty === 0) return LONGEST_PAUSE_MS;
    return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.empty - 1, 10));
  }

  /** Asks for more items on connections of their own. Grows while the queue has as many. */
  private async takeMore(count: number): Promise<TakenItem[]> {
    if (count === 0) return [];
    const answers = await Promise.allSettled(Array.from({ length: count }, () => this.source.take(0)));
    const taken: TakenItem[] = [];
    for (const answer of answers) {
      if (answer.status === 'rejected') this.failure ??= QueueError.from(answer.reason, this.queue);
      else if (answer.value !== undefined) taken.push(answer.value);
    }
    this.atOnce = taken.length < count ? Math.max(1, taken.length) : Math.min(MOST_AT_ONCE, 2 * this.atOnce);
    return taken;
  }

  private throwFailure(): void {
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
  }
}
