import type { Shelf, StoredMessage } from './model.js';

interface Place {
  readonly message: StoredMessage;
  readonly version: number;
}

/** Number of messages among which a shuffled queue chooses. */
const SHUFFLE_DEPTH = 50;

/** Gone places at the front that are worth a copy of the rest. */
const COMPACT_AT = 4096;

/** The visible messages of a standard queue: first come, first served, or shuffled. Each step takes constant time. */
export class StandardShelf implements Shelf {
  private line: Place[] = [];
  private head = 0;

  /** @param random 0 to 1; with it messages near the front come in any order. */
  constructor(private readonly random?: () => number) {}

  join(): void {}

  put(message: StoredMessage): void {
    this.line.push({ message, version: message.version });
  }

  left(): void {}

  *visible(): Generator<StoredMessage> {
    for (let place = this.next(); place !== undefined; place = this.next()) {
      // A place is void when the message was handed out or removed since, by another place or another way.
      if (place.version === place.message.version) yield place.message;
    }
  }

  private next(): Place | undefined {
    if (this.random !== undefined) this.bringForward(this.random);
    const place = this.line[this.head];
    if (place === undefined) return undefined;
    this.head += 1;
    if (this.head >= COMPACT_AT && this.head * 2 >= this.line.length) {
      this.line = this.line.slice(this.head);
      this.head = 0;
    }
    return place;
  }

  private bringForward(random: () => number): void {
    const ahead = Math.min(SHUFFLE_DEPTH, this.line.length - this.head);
    if (ahead < 2) return;
    const other = this.head + Math.floor(random() * ahead);
    const [first, chosen] = [this.line[this.head] as Place, this.line[other] as Place];
    this.line[this.head] = chosen;
    this.line[other] = first;
  }
}
